export type JobErrorCode =
  | 'ERR_JOB_PAYLOAD'
  | 'ERR_JOB_PAYLOAD_TOO_LARGE'
  | 'ERR_JOB_RESULT'
  | 'ERR_JOB_TYPE'
  | 'ERR_JOB_TIMEOUT'
  | 'ERR_JOB_LOST'
  | 'ERR_JOB_RELEASED';

/** What goes wrong with a job; `docs/errors.md` says for each code what to do. Recognise it by `code`, not by `instanceof`. */
export class JobError extends Error {
  override readonly name = 'JobError';

  constructor(
    /** Stable, for programs. */
    readonly code: JobErrorCode,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/**
 * Thrown by a handler when trying again cannot help, e.g. because what the job is about is gone: the job goes to the dead
 * letters at once. Recognised by its `code`, so any error with `code: 'ERR_JOB_PERMANENT'` will do.
 */
export class PermanentJobError extends Error {
  override readonly name = 'PermanentJobError';
  readonly code = 'ERR_JOB_PERMANENT';
}

const PERMANENT = new Set(['ERR_JOB_PERMANENT', 'ERR_JOB_RESULT']);

export function isPermanent(thrown: unknown): boolean {
  const code = codeOf(thrown);
  return typeof code === 'string' && PERMANENT.has(code);
}

export function codeOf(thrown: unknown): unknown {
  try {
    return typeof thrown === 'object' && thrown !== null && 'code' in thrown ? thrown.code : undefined;
  } catch {
    // A getter that throws.
    return undefined;
  }
}
