/** Why the storage did not do what it was asked for; `docs/errors.md` says for each what to do. */
export type StorageErrorCode =
  | 'ERR_STORAGE_DENIED'
  | 'ERR_STORAGE_NOT_FOUND'
  | 'ERR_STORAGE_REFUSED'
  | 'ERR_STORAGE_UNAVAILABLE'
  | 'ERR_STORAGE_CORRUPTED';

export interface StorageErrorDetails {
  /** HTTP status, when there was an answer. */
  readonly status?: number;
  /** The storage's own word for it, e.g. `NoSuchBucket`. */
  readonly reason?: string;
  readonly cause?: unknown;
}

/** Thrown by an object store. Recognise it by `code`, which survives duplicate installs of this package. Holds no credentials. */
export class StorageError extends Error {
  override readonly name = 'StorageError';
  readonly status: number | undefined;
  readonly reason: string | undefined;

  constructor(
    /** Stable, for programs. */
    readonly code: StorageErrorCode,
    problem: string,
    { status, reason, cause }: StorageErrorDetails = {},
  ) {
    super(`${problem} [${code}]`, cause === undefined ? undefined : { cause });
    this.status = status;
    this.reason = reason;
  }
}
