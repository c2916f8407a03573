import { createRedactor } from '../index.js';

type Told = readonly [given: string, told: string];

/**
 * Takes the secrets among the arguments of a call out of a message that repeats one. Arguments alone: what else a message says,
 * such as how a password is to be written, stays as it is.
 */
export function withoutSecretsOf(argv: readonly string[]): (message: string) => string {
  const redactor = createRedactor();
  const told = argv.flatMap((argument) => forms(argument).map((form): Told => [form, redactor.text(form)]));
  const secret = told.flatMap(([given, safe]): Told[] =>
    given === safe
      ? []
      : [
          [given, safe],
          [asPath(given), asPath(safe)],
        ],
  );
  return (message) => secret.reduce((text, [given, safe]) => text.replaceAll(given, safe), message);
}

/** The whole first; then the value of an option alone, which is what is called invalid. */
function forms(argument: string): string[] {
  return [argument, argument.slice(argument.indexOf('=') + 1)];
}

/** What becomes of a URL that is taken for the path of a file. */
function asPath(url: string): string {
  return url.replace('://', ':/');
}
