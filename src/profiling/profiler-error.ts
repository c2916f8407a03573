export type ProfilerErrorCode = 'ERR_PROFILER_MEMORY';

/** A profile that was not taken. */
export class ProfilerError extends Error {
  override readonly name = 'ProfilerError';

  constructor(
    readonly code: ProfilerErrorCode,
    message: string,
  ) {
    super(message);
  }
}
