import { counter, gauge, histogram } from '../instruments/instruments.js';
import { showReadings } from './observe-queue.js';
import type { JobsSettings } from './options.js';

const SECONDS = [0.1, 0.5, 1, 5, 10, 30, 60, 300, 600, 1800, 3600];
const OUTCOMES = ['completed', 'failed', 'retried', 'released', 'lost'] as const;

/** How an attempt ended: `failed` for good, `retried` when there will be another, `lost` when another worker has the job. */
export type AttemptOutcome = (typeof OUTCOMES)[number];

export interface JobMetrics {
  created: (type: string) => void;
  started: (type: string) => void;
  ended: (type: string, outcome: AttemptOutcome, seconds: number) => void;
}

/** Every series is there from the start, so that the first dead letter is a rise and not a new series. */
export function jobMetrics({ registry, pool, table, types }: JobsSettings): JobMetrics {
  const nothing = (): void => undefined;
  if (registry === undefined) return { created: nothing, started: nothing, ended: nothing };
  showQueue({ registry, pool, table });
  const labelNames = ['job_type'];
  const counted = (name: string, help: string): ReturnType<typeof counter> =>
    counter(registry, { name, help, labelNames });
  const created = counted('jobs_created_total', 'Jobs that were created.');
  const retries = counted('job_retries_total', 'Attempts that failed and are followed by another.');
  const deadLetters = counted('job_dead_letters_total', 'Jobs that failed for good.');
  const active = gauge(registry, { name: 'jobs_active', help: 'Jobs that this process is working on.', labelNames });
  const duration = histogram(registry, {
    name: 'job_duration_seconds',
    help: 'Time of one attempt at a job.',
    labelNames: ['job_type', 'outcome'],
    buckets: SECONDS,
  });
  for (const type of types.keys()) {
    for (const one of [created, retries, deadLetters, active]) one.inc({ job_type: type }, 0);
    for (const outcome of OUTCOMES) duration.zero({ job_type: type, outcome });
  }
  return {
    created(type) {
      created.inc({ job_type: type });
    },
    started(type) {
      active.inc({ job_type: type });
    },
    ended(type, outcome, seconds) {
      active.dec({ job_type: type });
      duration.observe({ job_type: type, outcome }, seconds);
      if (outcome === 'retried') retries.inc({ job_type: type });
      if (outcome === 'failed') deadLetters.inc({ job_type: type });
    },
  };
}

type Shown = Pick<JobsSettings, 'pool' | 'table'> & { readonly registry: NonNullable<JobsSettings['registry']> };

function showQueue({ registry, pool, table }: Shown): void {
  const count = (status: string): string => `count(*) FILTER (WHERE status = '${status}') AS ${status}`;
  const age = `COALESCE(EXTRACT(EPOCH FROM now() - min(run_at) FILTER (WHERE status = 'pending' AND run_at <= now())), 0) AS age`;
  showReadings(
    registry,
    pool,
    `SELECT ${['pending', 'running', 'failed'].map(count).join(', ')}, ${age} FROM ${table} WHERE status <> 'completed'`,
    [
      { name: 'job_queue_depth', help: 'Jobs that are pending.', column: 'pending' },
      { name: 'job_queue_running', help: 'Jobs that some worker has begun.', column: 'running' },
      { name: 'job_queue_dead_letters', help: 'Jobs that failed for good and are still there.', column: 'failed' },
      {
        name: 'job_queue_oldest_age_seconds',
        help: 'Seconds since the pending job that waits longest could have begun.',
        column: 'age',
      },
    ],
  );
}
