import { ConfigError } from './config-error.js';
import { nearest } from './nearest.js';

/** Says what is wrong with a value ("must be …"), or nothing when it is fine. */
export type OptionCheck = (value: unknown) => string | undefined;

/** One entry for every option that exists; a name missing here is an unknown option. */
export type OptionChecks<Options> = { readonly [Name in keyof Required<Options>]: OptionCheck };

/** Options with every default filled in; those without a default stay optional. */
export type Resolved<Options, Defaults> = Omit<Options, keyof Defaults> & {
  readonly [Name in keyof Defaults & keyof Options]-?: Exclude<Options[Name], undefined>;
};

/**
 * Turns what a caller said into settings that what serves can trust. `undefined` counts as not said.
 * The caller's object is not changed. Throws `ConfigError` for an unknown option and for a wrong value.
 */
export function resolveOptions<Options extends object, Defaults extends Partial<Options>>(
  scope: string,
  options: Options | undefined,
  defaults: Defaults,
  checks: OptionChecks<Options>,
): Resolved<Options, Defaults> {
  if (options !== undefined && (typeof options !== 'object' || (options as unknown) === null)) {
    throw new ConfigError('ERR_OPTION_INVALID', scope, `options must be an object, got ${describe(options)}`);
  }
  const said = Object.entries(options ?? {}).filter(([, value]) => value !== undefined);
  for (const [name, value] of said) {
    if (!Object.hasOwn(checks, name)) throw unknownOption(scope, name, Object.keys(checks));
    const problem = checks[name as keyof Options](value);
    if (problem !== undefined) {
      throw new ConfigError('ERR_OPTION_INVALID', `${scope}.${name}`, `${problem}, got ${describe(value)}`);
    }
  }
  // Every default and every said value passed the checks that the types demand.
  return { ...defaults, ...Object.fromEntries(said) } as unknown as Resolved<Options, Defaults>;
}

/** Refuses the call when a setting without a default was left out. */
export function requireOption(scope: string, name: string, value: unknown, cure: string): void {
  if (value === undefined) throw new ConfigError('ERR_OPTION_REQUIRED', `${scope}.${name}`, `is required: ${cure}`);
}

function unknownOption(scope: string, name: string, known: readonly string[]): ConfigError {
  const guess = nearest(name, known);
  const cure = guess === undefined ? `known options: ${known.join(', ')}` : `did you mean ${guess}?`;
  return new ConfigError('ERR_OPTION_UNKNOWN', `${scope}.${name}`, `is not an option; ${cure}`);
}

/** A value as an error message may show it: short, and without the content of strings that may be secrets. */
export function describe(value: unknown): string {
  if (typeof value === 'string')
    return value.length === 0 ? 'an empty string' : `a string of ${String(value.length)} characters`;
  if (typeof value === 'number' || typeof value === 'boolean' || value == null) return String(value);
  if (typeof value === 'bigint') return `${String(value)}n`;
  if (Array.isArray(value)) return 'an array';
  return isThenable(value) ? 'a promise' : `a ${typeof value}`;
}

function isThenable(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'then' in value && typeof value.then === 'function';
}
