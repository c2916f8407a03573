import { CommandError, EXIT } from './exit-codes.js';

const SIGTERM_EXIT = 143;

/**
 * Runs work that cleans up when its signal is aborted by SIGINT or SIGTERM, and then ends with 130 or 143. A second one
 * does not wait for that.
 */
export async function interruptible<Result>(work: (signal: AbortSignal) => Promise<Result>): Promise<Result> {
  const controller = new AbortController();
  let exitCode: number = EXIT.interrupted;
  const stop = (name: NodeJS.Signals): void => {
    if (controller.signal.aborted) process.exit(exitCode);
    if (name === 'SIGTERM') exitCode = SIGTERM_EXIT;
    controller.abort();
  };
  process.on('SIGINT', stop).on('SIGTERM', stop);
  try {
    return await work(controller.signal);
  } catch (error) {
    throw controller.signal.aborted ? new CommandError('interrupted', exitCode) : error;
  } finally {
    process.off('SIGINT', stop).off('SIGTERM', stop);
  }
}
