import { CommandError, EXIT } from './exit-codes.js';

/** 128 and the number of the signal, as shells have it. */
const EXITS = { SIGHUP: 129, SIGINT: EXIT.interrupted, SIGTERM: 143 } as const;
// Object.keys of a literal: its keys.
const SIGNALS = Object.keys(EXITS) as (keyof typeof EXITS)[];

/**
 * Runs work that cleans up when its signal is aborted by SIGINT, SIGTERM or the end of the terminal (SIGHUP), and then ends with
 * 130, 143 or 129. A second one does not wait for that.
 */
export async function interruptible<Result>(work: (signal: AbortSignal) => Promise<Result>): Promise<Result> {
  const controller = new AbortController();
  let exitCode: number = EXIT.interrupted;
  const stop = (name: NodeJS.Signals): void => {
    if (controller.signal.aborted) process.exit(exitCode);
    // It listens to no others.
    exitCode = EXITS[name as keyof typeof EXITS];
    controller.abort();
  };
  for (const name of SIGNALS) process.on(name, stop);
  try {
    return await work(controller.signal);
  } catch (error) {
    throw controller.signal.aborted ? new CommandError('interrupted', exitCode) : error;
  } finally {
    for (const name of SIGNALS) process.off(name, stop);
  }
}
