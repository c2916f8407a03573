import { createSecretFinder } from '../../index.js';
import { resolveNoSecretsOptions, type NoSecretsOptions } from './options.js';
import { SecretFoundError } from './secret-found-error.js';

const MAX_SHOWN = 10;

/**
 * Throws `SecretFoundError` when anything that was logged holds a secret: by the name of a field, by its shape, or one of
 * `secrets`. Takes the text of a log, or its lines, as texts or parsed.
 *
 * @example
 * const { app, logs } = testApp(routes);
 * await request(app).post('/login').send({ password: 'hunter2' });
 * expectNoSecrets(logs.lines, { secrets: ['hunter2'] });
 */
export function expectNoSecrets(lines: string | readonly (string | object)[], options?: NoSecretsOptions): void {
  const { secrets = [], sensitiveFields } = resolveNoSecretsOptions(options);
  const finder = createSecretFinder({ sensitiveFields });
  finder.registerSecrets(secrets);

  const texts = typeof lines === 'string' ? lines.split('\n') : lines.map(textOf);
  const findings = texts.flatMap((text, index) => {
    // Short values are not looked for in every encoding, but the test named this one.
    const isPlain = secrets.some((secret) => secret !== '' && text.includes(secret));
    const kinds = new Set([...finder.kindsIn(text), ...(isPlain ? ['registered value'] : [])]);
    return [...kinds].map((kind) => `line ${index + 1}: ${kind}`);
  });
  if (findings.length === 0) return;
  const more = findings.length > MAX_SHOWN ? [`and ${findings.length - MAX_SHOWN} more`] : [];
  throw new SecretFoundError(
    `${findings.length} secrets in ${texts.length} lines\n  ${[...findings.slice(0, MAX_SHOWN), ...more].join('\n  ')}`,
  );
}

function textOf(line: string | object): string {
  return typeof line === 'string' ? line : JSON.stringify(line);
}
