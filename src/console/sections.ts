import { TIMED_OUT, withDeadline } from '../core/deadline.js';
import type { LogLevel } from './http/level.js';
import type { Failures } from './lines/failures.js';
import type { Logs } from './lines/logs.js';
import { errorViews, slowQueryViews } from './lines/problems.js';
import type { RequestWindow } from './metrics/request-window.js';
import { cacheViews, jobsView, queryViews } from './metrics/work-views.js';
import type { ConsoleSettings } from './options.js';
import type { AlertView, HealthView, JobsView, PoolView, Sections } from './wire/index.js';

export interface SectionParts {
  readonly settings: ConsoleSettings;
  readonly window: RequestWindow;
  readonly logs: Logs;
  readonly failures: Failures;
  readonly level: LogLevel | undefined;
  readonly health: () => HealthView | null;
}

/** The queue's gauges ask the database: not at every sample. */
const JOBS_MS = 5000;
const ALERTS_MS = 1000;

/** Everything but the charts, as it is now. Made only while somebody looks. */
export function sectionsOf({ settings, window, logs, failures, level, health }: SectionParts): () => Promise<Sections> {
  const { registry } = settings;
  const jobs = rarely(() => jobsView(registry), settings.now);
  const alerts = alertsOf(settings);

  return async () => {
    const [byOperation, named, caches, jobsNow, alertsNow] = await Promise.all([
      queryViews(registry, 'operation'),
      queryViews(registry, 'query'),
      cacheViews(registry),
      jobs(),
      alerts(),
    ]);
    const problems = logs.problems();
    return {
      health: health(),
      routes: window.routes(),
      queries: { byOperation, named, slow: slowQueryViews(problems) },
      errors: errorViews(problems, failures.all()),
      pools: poolViews(settings),
      jobs: jobsNow,
      caches,
      alerts: alertsNow,
      level: level?.view() ?? null,
    };
  };
}

export function poolViews({ pools }: ConsoleSettings): PoolView[] {
  return (pools?.() ?? []).map(([name, pool]) => ({
    name,
    used: pool.totalCount - pool.idleCount,
    idle: pool.idleCount,
    waiting: pool.waitingCount,
    max: pool.options.max ?? null,
  }));
}

function rarely(read: () => Promise<JobsView | null>, now: () => number): () => Promise<JobsView | null> {
  let readAt = -Infinity;
  let latest: Promise<JobsView | null> = Promise.resolve(null);
  return () => {
    if (now() - readAt >= JOBS_MS) {
      readAt = now();
      latest = read();
    }
    return latest;
  };
}

/** Alerts that cannot be read are none of the page's: it shows what it had, and the log says why. */
function alertsOf({ alerts, logger }: ConsoleSettings): () => Promise<readonly AlertView[] | null> {
  let latest: readonly AlertView[] | null = null;
  let isFailing = false;
  return async () => {
    if (alerts === undefined) return null;
    try {
      const found = await withDeadline(Promise.resolve().then(alerts), ALERTS_MS);
      if (found === TIMED_OUT) throw new Error(`no answer within ${ALERTS_MS} ms`);
      latest = found ?? null;
      isFailing = false;
    } catch (error) {
      if (!isFailing) logger.warn({ err: error }, 'The ops console could not read the alerts');
      isFailing = true;
    }
    return latest;
  };
}
