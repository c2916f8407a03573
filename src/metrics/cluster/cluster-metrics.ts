import { randomUUID } from 'node:crypto';
import type { Collected } from '../exposition/collected.js';
import { createCollector } from '../exposition/collector.js';
import { createInheritance } from './inheritance.js';
import { meetingPlace, type MeetingPlace } from './meeting-place.js';
import { resolveClusterMetricsOptions, type ClusterMetricsOptions } from './options.js';
import { askWorkers, handOver } from './other-workers.js';
import { snapshotIn, snapshotText, type Snapshot } from './snapshot.js';
import { together } from './together.js';
import { openWorkerServer, type WorkerServer } from './worker-server.js';

export interface ClusterMetrics {
  /** The metrics of all workers as one; what the router shows. Never rejects because of another worker. */
  collect(): Promise<readonly Collected[]>;
  /** Hands the counts of this worker to another one, which shows them on, and leaves. Safe to call twice. */
  close(): Promise<void>;
}

/**
 * Lets any worker answer for all of them, under `node:cluster` and under `pm2 start -i max` alike: the workers of one service
 * have sockets in a folder of this user and ask each other at a scrape. Counters and histograms are added up, gauges by what
 * their metric says. A worker that closes hands its counts on, so that a reload does not make them fall; those of one that is
 * killed are gone. Where sockets cannot be had each worker shows its own metrics and says so in the log.
 *
 * @example
 * const clustered = createClusterMetrics({ registry: metrics.registry, name: 'orders' });
 * app.use(createMetricsRouter({ registry: metrics.registry, cluster: clustered }));
 */
export function createClusterMetrics(options: ClusterMetricsOptions): ClusterMetrics {
  const settings = resolveClusterMetricsOptions(options);
  const { name, dir, logger, timeoutMs, registry } = settings;
  const id = randomUUID();
  const inheritance = createInheritance();
  // In time for whoever waits for this worker.
  const collectOwn = createCollector(registry, { logger, collectTimeoutMs: Math.ceil(timeoutMs / 2) });
  const joined = join();
  let leaving: Promise<void> | undefined;

  async function ownSnapshot(): Promise<Snapshot> {
    const metrics = together([await collectOwn(), inheritance.metrics]);
    return { id, inherited: inheritance.ids, metrics };
  }

  async function join(): Promise<{ place: MeetingPlace; server: WorkerServer } | undefined> {
    try {
      const place = await meetingPlace(name, dir);
      const server = await openWorkerServer(place.own, {
        snapshot: async () => snapshotText(await ownSnapshot()),
        inherit(text) {
          if (leaving !== undefined) return false;
          inheritance.take(snapshotIn(text));
          return true;
        },
      });
      return { place, server };
    } catch (error) {
      logger.warn({ err: error }, 'Workers cannot find each other; each shows its own metrics');
      return undefined;
    }
  }

  async function leave(): Promise<void> {
    const meeting = await joined;
    if (meeting === undefined) return;
    await handOver(meeting.place, snapshotText(await ownSnapshot()), settings);
    await meeting.server.close();
  }

  return {
    async collect() {
      const meeting = await joined;
      const [own, others] = await Promise.all([
        ownSnapshot(),
        meeting === undefined ? [] : askWorkers(meeting.place, settings),
      ]);
      const all = [own, ...others];
      // Whoever has just left may still answer; its heir counts for it.
      const left = new Set(all.flatMap(({ inherited }) => inherited));
      return together(all.filter((one) => !left.has(one.id)).map(({ metrics }) => metrics));
    },
    close: () => (leaving ??= leave()),
  };
}
