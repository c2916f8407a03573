import type { Alert, AlertEvent } from './alert.js';
import { alertKey } from './alert-key.js';
import type { AlertsSettings } from './options.js';
import type { Reported } from './states/rounds.js';

/** What was sent by `sendAlert` and is not on the board yet. */
export interface Notices {
  add(alert: Alert & Pick<AlertEvent, 'metadata'>): void;
  /** Resolves when all are there. */
  settled(): Promise<void>;
}

/** More that are not the same belong to a mistake, such as an id in a name. */
const MAX_NOTICES = 1000;
/** How long one is remembered at least: as long as the number of messages is. */
const MIN_KNOWN_MS = 60_000;

/** Many of the same, sent in a moment, become one report. */
export function createNotices(
  { service, repeatMs, logger }: AlertsSettings,
  report: (reports: ReadonlyMap<string, Reported>) => Promise<void>,
  onTooMany: (name: string) => void,
): Notices {
  let waiting = new Map<string, Reported>();
  let worker: Promise<void> | undefined;

  async function work(): Promise<void> {
    // Whoever sends one goes on first.
    await new Promise((resolve) => setImmediate(resolve));
    try {
      while (waiting.size > 0) {
        const reports = waiting;
        waiting = new Map();
        await report(reports);
      }
    } catch (error) {
      logger.error({ error }, 'Alerts could not be sent');
    } finally {
      worker = undefined;
    }
  }

  return {
    add({ name, resource, severity, message, metadata }) {
      const key = alertKey(service, 'sent', name, resource);
      if (waiting.size >= MAX_NOTICES && !waiting.has(key)) {
        onTooMany(name);
        return;
      }
      waiting.set(key, {
        name,
        ...(resource === undefined ? {} : { resource }),
        isCondition: false,
        report: (at) => ({ severity, message, metadata, at, until: at + Math.max(repeatMs, MIN_KNOWN_MS) }),
      });
      worker ??= work();
    },
    async settled() {
      while (worker !== undefined) await worker;
    },
  };
}
