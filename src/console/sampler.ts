import { TIMED_OUT, withDeadline } from '../core/deadline.js';
import { createHistory, type History } from './history/history.js';
import { createProcessReader } from './history/process-reading.js';
import { soleValue } from './metrics/metric-values.js';
import { createRequestWindow, type RequestWindow } from './metrics/request-window.js';
import { requestTotals } from './metrics/request-totals.js';
import type { ConsoleSettings } from './options.js';
import { poolViews } from './sections.js';
import type { HealthView, Sample, SeriesValues } from './wire/index.js';

/** Looks at the service again and again, whether or not somebody looks at the page. */
export interface Sampler {
  readonly history: History;
  readonly window: RequestWindow;
  readonly health: () => HealthView | null;
  /** Resolves when there is something to be seen. */
  readonly begun: Promise<void>;
  close(): void;
}

const HEALTH_MS = 2500;
/** Of the time, looking takes at most one part in so many: a registry with thousands of series is read less often. */
const COST_FACTOR = 100;

/** `openStreams` are requests of the page itself, which are not shown as the service's. Nothing here keeps the process alive. */
export function startSampler(
  settings: ConsoleSettings,
  openStreams: () => number,
  onSample: (sample: Sample) => Promise<void>,
): Sampler {
  const { registry, now, intervalMs, logger } = settings;
  const history = createHistory(settings.points);
  const window = createRequestWindow(now());
  const reader = createProcessReader();
  const readHealth = healthReader(settings);
  let health: HealthView | null = null;
  let isClosed = false;
  let begin: () => void = () => undefined;
  const begun = new Promise<void>((resolve) => (begin = resolve));
  let timer = setTimeout(() => void turn(), 0).unref();

  async function values(): Promise<{ values: SeriesValues; tookMs: number }> {
    const startedAt = performance.now();
    // prom-client reads a metric without a collector before it first lets others run.
    const reading = requestTotals(registry, now());
    const tookMs = performance.now() - startedAt;
    window.add(await reading);
    const inFlight = await soleValue(registry, 'http_requests_in_flight');
    const pools = poolViews(settings);
    const summed = (name: 'used' | 'idle' | 'waiting'): number | null =>
      pools.length === 0 ? null : pools.reduce((sum, pool) => sum + pool[name], 0);
    return {
      values: {
        ...window.recent(),
        inFlight: inFlight === null ? null : Math.max(0, inFlight - openStreams()),
        poolUsed: summed('used'),
        poolIdle: summed('idle'),
        poolWaiting: summed('waiting'),
        ...reader.read(),
      },
      tookMs,
    };
  }

  async function turn(): Promise<void> {
    let waitMs = intervalMs;
    try {
      // One after the other: a check of the database would be seen waiting for a connection.
      health = await readHealth();
      const { values: measured, tookMs } = await values();
      const checks = Object.fromEntries((health?.checks ?? []).map(({ name, status }) => [name, status]));
      const sample: Sample = { at: now(), values: measured, checks };
      if (isClosed) return;
      history.add(sample);
      begin();
      waitMs = Math.max(intervalMs, tookMs * COST_FACTOR);
      await onSample(sample);
    } catch (error) {
      logger.warn({ err: error }, 'The ops console could not take a sample');
    }
    // One that failed is no reason to wait for another.
    begin();
    if (!isClosed) timer = setTimeout(() => void turn(), waitMs).unref();
  }

  return {
    history,
    window,
    health: () => health,
    begun,
    close() {
      isClosed = true;
      begin();
      clearTimeout(timer);
      reader.close();
    },
  };
}

/** A report that does not come leaves the latest one, until it does. */
function healthReader({ health }: ConsoleSettings): () => Promise<HealthView | null> {
  let latest: HealthView | null = null;
  return async () => {
    if (health === undefined) return null;
    const report = await withDeadline(health.report(), HEALTH_MS);
    if (report !== TIMED_OUT) {
      const { status, state, checks } = report;
      latest = { status, state, checks };
    }
    return latest;
  };
}
