/** What a test waited for did not come in time. */
export class TestTimeoutError extends Error {
  override readonly name = 'TestTimeoutError';
  /** Stable, for programs. */
  readonly code = 'ERR_TEST_TIMEOUT';

  constructor(
    /** What was waited for, for how long, and what came instead. */
    problem: string,
  ) {
    super(`${problem} [ERR_TEST_TIMEOUT]`);
  }
}
