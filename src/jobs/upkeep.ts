import type { Attempts } from './attempts.js';
import type { JobStore } from './job-store.js';
import type { JobsSettings } from './options.js';
import { outageReport } from './outage-report.js';

export interface Upkeep {
  start(): void;
  stop(): void;
}

/** Twice in every heartbeat: signs of life for what runs here, and a look at what others left behind. */
export function createUpkeep(settings: JobsSettings, store: JobStore, attempts: Attempts): Upkeep {
  const { heartbeatMs, logger } = settings;
  const staleMs = heartbeatMs * 1.5;
  const types = [...settings.types.keys()];
  const report = outageReport(logger, 'Looking after the jobs');
  let timer: NodeJS.Timeout | undefined;
  let isStopped = false;

  async function beat(): Promise<void> {
    const tickets = attempts.tickets();
    if (tickets.length === 0) return;
    const alive = await store.beat(tickets);
    for (const ticket of tickets) if (!alive.has(ticket.ticketId)) attempts.lose(ticket);
  }

  async function rescue(): Promise<void> {
    for (const { id, type, attempts: attempt, context } of await store.rescue(staleMs)) {
      settings.runWithContext({ ...context, correlationId: context.correlationId ?? id }, () => {
        logger.warn({ jobId: id, jobType: type, attempt }, 'Job is taken up again: its worker gave no sign of life');
      });
    }
    const given = await store.giveTickets(types, staleMs);
    if (given > 0) logger.info({ jobs: given }, 'Jobs that were pending without being queued are queued');
  }

  async function round(): Promise<void> {
    try {
      await beat();
      await rescue();
      report.works();
    } catch (error) {
      report.failed(error);
    }
    if (!isStopped) timer = setTimeout(() => void round(), heartbeatMs / 2).unref();
  }

  return {
    start() {
      void round();
    },
    stop() {
      isStopped = true;
      clearTimeout(timer);
    },
  };
}
