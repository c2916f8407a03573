import { constants } from 'node:os';
import type { Logger } from '../core/logger.js';
import type { ShutdownSettings } from './options.js';
import type { ProcessEvents } from './process-handlers.js';
import type { Sequence } from './sequence.js';
import type { ShutdownReport } from './shutdown-report.js';
import type { Supervisor } from './supervisor.js';

/** What this process does about its signals and crashes. */
export function processEvents(
  settings: ShutdownSettings,
  logger: Logger,
  sequence: Sequence,
  supervisor: Supervisor,
): ProcessEvents {
  let isSignalled = false;
  let exiting: Promise<void> | undefined;
  const exitAfter = (run: Promise<ShutdownReport>): void => {
    exiting ??= run.then(({ exitCode }) => {
      settings.exit(sequence.hasCrashed() ? 1 : exitCode);
    });
  };
  return {
    signal(signal) {
      if (isSignalled) {
        const level = sequence.hasCrashed() ? 'fatal' : 'warn';
        logger[level]({ signal }, `${signal} received again, exiting at once`);
        settings.exit(128 + constants.signals[signal]);
        return;
      }
      isSignalled = true;
      exitAfter(sequence.run({ reason: signal, signal }));
    },
    crash(origin, thrown) {
      sequence.crashed(origin, thrown);
      exitAfter(sequence.run({ reason: origin }));
    },
    profile() {
      logger.info({ signal: 'SIGUSR2' }, 'SIGUSR2 received, profiling');
      const failed = (err: unknown): void => {
        logger.error({ signal: 'SIGUSR2', err }, 'Profile could not be taken');
      };
      void Promise.resolve()
        .then(() => settings.onProfile?.())
        .catch(failed);
    },
    reopen() {
      supervisor.reloading();
      try {
        settings.onReopen?.();
        logger.info({ signal: 'SIGHUP' }, 'SIGHUP received, log files reopened');
      } catch (err) {
        logger.error({ signal: 'SIGHUP', err }, 'Log files could not be reopened');
      }
      // A service that could not reopen its files serves all the same.
      supervisor.reloaded();
    },
  };
}
