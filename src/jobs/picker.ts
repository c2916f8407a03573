import { setTimeout as sleep } from 'node:timers/promises';
import { run, type Runner, type TaskList } from 'graphile-worker';
import type { Attempts } from './attempts.js';
import type { JobsSettings } from './options.js';
import { outageReport } from './outage-report.js';
import { queueLogger } from './queue-logger.js';
import { ticketOf } from './ticket.js';

const RESTART_MS = 1000;

export interface Picker {
  start(): void;
  /** Begins no further job; resolves when those under way have ended. */
  stop(): Promise<void>;
}

/** Has graphile-worker hand out tickets, and starts it again when it gives up, as it does when the database goes. */
export function createPicker(settings: JobsSettings, attempts: Attempts): Picker {
  const report = outageReport(settings.logger, 'The job queue');
  const stopping = new AbortController();
  let runner: Runner | undefined;
  let working: Promise<void> | undefined;
  const isStopping = (): boolean => stopping.signal.aborted;

  async function work(): Promise<void> {
    while (!isStopping()) {
      try {
        runner = await run(runnerOptions(settings, taskList(settings, attempts, isStopping)));
        report.works();
        if (isStopping()) void runner.stop();
        await runner.promise;
        if (!isStopping()) report.failed(new Error('graphile-worker stopped by itself'));
      } catch (error) {
        if (!isStopping()) report.failed(error);
      }
      runner = undefined;
      await sleep(RESTART_MS, undefined, { signal: stopping.signal }).catch(() => undefined);
    }
  }

  return {
    start() {
      if (!isStopping()) working ??= work();
    },
    async stop() {
      if (!isStopping()) {
        stopping.abort();
        // It rejects when the queue had given up by itself.
        runner?.stop().catch(() => undefined);
      }
      await working;
    },
  };
}

function runnerOptions(settings: JobsSettings, tasks: TaskList): Parameters<typeof run>[0] {
  const waiting = [...settings.types].filter(([, { waitWhile }]) => waitWhile !== undefined);
  return {
    pgPool: settings.pool,
    taskList: tasks,
    concurrency: settings.concurrency,
    pollInterval: settings.pollMs,
    logger: queueLogger(settings.logger),
    // Signals are for the service's own shutdown.
    noHandleSignals: true,
    // Otherwise a file named crontab in the working directory would be read.
    parsedCronItems: [],
    forbiddenFlags: () => waiting.filter(([, { waitWhile }]) => waitWhile?.() === true).map(([name]) => name),
    preset: {
      worker: {
        schema: 'graphile_worker',
        preparedStatements: settings.preparedStatements,
        // Below 0, its default, the end of a job is written by a promise that nobody awaits: a connection lost then ends the process.
        completeJobBatchDelay: 0,
        failJobBatchDelay: 0,
      },
    },
  };
}

/** What was on its way to this worker when it was told to stop goes to another. */
function taskList({ types }: JobsSettings, attempts: Attempts, isStopping: () => boolean): TaskList {
  return Object.fromEntries(
    [...types].map(([name, type]) => [
      name,
      async (payload, { job }) => {
        const ticket = ticketOf(payload, job.id);
        if (isStopping()) await attempts.handBack(ticket);
        else await attempts.run(name, type, ticket);
      },
    ]),
  );
}
