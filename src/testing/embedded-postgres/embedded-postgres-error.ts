/** Why the embedded server could not be had; `docs/errors.md` says for each what to do. */
export type EmbeddedPostgresErrorCode =
  | 'ERR_EMBEDDED_POSTGRES_PLATFORM'
  | 'ERR_EMBEDDED_POSTGRES_NOT_INSTALLED'
  | 'ERR_EMBEDDED_POSTGRES_ACCOUNT'
  | 'ERR_EMBEDDED_POSTGRES_FOLDER'
  | 'ERR_EMBEDDED_POSTGRES_START';

/** The machine, not the options, is in the way. Recognise it by `code`. */
export class EmbeddedPostgresError extends Error {
  override readonly name = 'EmbeddedPostgresError';

  constructor(
    /** Stable, for programs. */
    readonly code: EmbeddedPostgresErrorCode,
    /** What is wrong and how to cure it. */
    problem: string,
    options?: ErrorOptions,
  ) {
    super(`${problem} [${code}]`, options);
  }
}

/** The `code` of a system or Postgres error (`ENOENT`, `28P01`), when it has one. */
export function codeOf(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}
