import type { Pool } from 'pg';

/**
 * Turns the errors of `pool.query`: pg-pool hands on what a broken socket says before the query itself has heard of it,
 * so the client's `query` does not see all of them.
 */
export function turnErrorsOf(pool: Pool, turn: (error: unknown) => unknown): void {
  // One signature for pg's seven overloads: the arguments go on as they came.
  const query = pool.query.bind(pool) as (...args: unknown[]) => unknown;

  const turning = (...args: unknown[]): unknown => {
    const at = args.findIndex((argument) => typeof argument === 'function');
    if (at !== -1) {
      const callback = args[at] as (error: unknown, result: unknown) => void;
      args[at] = (error: unknown, result: unknown) => {
        callback(turn(error), result);
      };
    }
    const answer = query(...args);
    if (!(answer instanceof Promise)) return answer;
    return answer.catch((error: unknown) => {
      throw turn(error);
    });
  };
  pool.query = turning as typeof pool.query;
}
