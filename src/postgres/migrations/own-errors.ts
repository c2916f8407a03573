import { reasonOf, unlessLost } from '../pool/connection-loss.js';
import { PoolError } from '../pool/pool-error.js';
import { MigrationError } from './migration-error.js';

/** What umzug, pg or the network throws becomes one of ours, with a code and the reason as its cause. */
export async function withOwnErrors<Result>(work: Promise<Result>, signal?: AbortSignal): Promise<Result> {
  try {
    return await work;
  } catch (thrown) {
    if (signal?.aborted === true) throw interrupted(thrown);
    const error = unlessLost(unwrapped(thrown), 'migrations');
    if (error instanceof MigrationError || error instanceof PoolError) throw error;
    const message = `the migrations could not be run: ${reasonOf(error)}`;
    throw new MigrationError('ERR_MIGRATION_FAILED', message, { cause: error });
  }
}

/** umzug wraps what a migration throws; the error inside says everything already. */
function unwrapped(thrown: unknown): unknown {
  return thrown instanceof Error && thrown.name === 'MigrationError' && !(thrown instanceof MigrationError)
    ? (thrown.cause ?? thrown)
    : thrown;
}

function interrupted(cause: unknown): MigrationError {
  const message =
    'the migrations were interrupted; what was under way was rolled back, unless it runs without a transaction';
  return new MigrationError('ERR_MIGRATION_INTERRUPTED', message, { cause });
}
