/** Why a setting was refused; `docs/errors.md` says for each what to do. */
export type ConfigErrorCode =
  'ERR_OPTION_UNKNOWN' | 'ERR_OPTION_INVALID' | 'ERR_OPTION_REQUIRED' | 'ERR_OPTION_CONFLICT' | 'ERR_ENVIRONMENT';

/**
 * Thrown when a factory is called with settings it cannot work with: at creation, never while serving.
 * Recognise it by `code`, which survives duplicate installs of this package, not by `instanceof`.
 */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';

  constructor(
    /** Stable, for programs. */
    readonly code: ConfigErrorCode,
    /** Which setting, e.g. `health.timeoutMs` or `DB_PORT`. */
    readonly option: string,
    /** What is wrong with it and how to cure it. Never holds the value of a secret. */
    readonly problem: string,
  ) {
    super(`${option} ${problem} [${code}]`);
  }
}
