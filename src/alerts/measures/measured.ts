import { getHeapStatistics } from 'node:v8';
import type { Registry } from 'prom-client';
import { TIMED_OUT, withDeadline } from '../../core/deadline.js';
import { createDelayMeter } from '../../core/event-loop-delay.js';
import type { MeasureName } from '../thresholds/index.js';
import { healthMeasures, type HealthView } from './health-measures.js';
import { OF_HEALTH } from './is-measured.js';
import type { MeasureReader, MeasureReading, MeasureValue } from './measure-value.js';
import { GAUGE_MEASURES, GROWTH_MEASURES, readGauge } from './registry-measures.js';
import { growthWindow, readTotals } from './totals.js';

export interface MeasuredSpec {
  readonly wanted: ReadonlySet<MeasureName>;
  readonly registry: Registry | undefined;
  readonly own: Readonly<Partial<Record<MeasureName, MeasureReader>>>;
  readonly windowMs: number;
  readonly minEvents: number;
  readonly now: () => number;
  /** What a measure threw. */
  readonly onError: (measure: MeasureName, error: unknown) => void;
}

export interface Readings {
  /** What every measure says now; one that says nothing is not there. */
  readonly values: ReadonlyMap<MeasureName, readonly MeasureValue[]>;
  /** Measures that could not be read: whether they say anything nobody knows. */
  readonly unread: ReadonlySet<MeasureName>;
}

export interface Measured {
  /** `isHealthUnread`: there is one, and it could not be had. */
  read(health: HealthView | undefined, isHealthUnread: boolean): Promise<Readings>;
  close(): void;
}

/** Readers of the service and collectors of metrics may ask somewhere, and that may hang. */
const READ_MS = 2000;

/** What is measured, from the service's own readers first, then its health, then the metrics of the process. */
export function createMeasured(spec: MeasuredSpec): Measured {
  const { wanted, own, onError } = spec;
  const delay = wanted.has('eventLoopLag') ? createDelayMeter() : undefined;
  const readers = new Map<MeasureName, MeasureReader>();
  for (const name of wanted) readers.set(name, processReader(name, spec, delay));

  async function valuesOf(name: MeasureName, ofHealth: readonly MeasureValue[]): Promise<readonly MeasureValue[]> {
    const reader = own[name];
    const reading = await readInTime(name, reader ?? readers.get(name) ?? nothing);
    const found = [...listOf(reading), ...(reader === undefined ? ofHealth : [])];
    return found.filter(({ value }) => !Number.isNaN(value));
  }

  return {
    async read(health, isHealthUnread) {
      const values = new Map<MeasureName, readonly MeasureValue[]>();
      const isUnread = (name: MeasureName): boolean =>
        isHealthUnread && OF_HEALTH.includes(name) && own[name] === undefined;
      const unread = new Set([...wanted].filter(isUnread));
      const ofHealth = health === undefined ? {} : healthMeasures(health);
      // At the same time, so that several that hang take no longer than one.
      const reading = [...wanted].map(async (name) => {
        try {
          const known = await valuesOf(name, ofHealth[name] ?? []);
          if (known.length > 0) values.set(name, known);
        } catch (error) {
          unread.add(name);
          onError(name, error);
        }
      });
      await Promise.all(reading);
      return { values, unread };
    },
    close() {
      delay?.close();
    },
  };
}

const nothing: MeasureReader = () => undefined;

async function readInTime(name: MeasureName, reader: MeasureReader): Promise<MeasureReading> {
  // In a step of its own, so that a reader which throws at once is one that rejects.
  const reading = await withDeadline(Promise.resolve().then(reader), READ_MS);
  if (reading === TIMED_OUT) throw new Error(`${name} was not read within ${String(READ_MS)} ms`);
  return reading;
}

function processReader(
  name: MeasureName,
  spec: MeasuredSpec,
  delay: ReturnType<typeof createDelayMeter> | undefined,
): MeasureReader {
  const { registry, windowMs, minEvents, now } = spec;
  if (name === 'eventLoopLag') return () => (delay?.read().p99Ms ?? 0) / 1000;
  if (name === 'heapUtilization') return heapUtilization;
  const [ofGrowth, ofGauge] = [GROWTH_MEASURES[name], GAUGE_MEASURES[name]];
  if (registry === undefined) return nothing;
  if (ofGauge !== undefined) return () => readGauge(registry, ofGauge, now());
  if (ofGrowth === undefined) return nothing;
  // Of its own: what could not be read once must not look as if it had grown from nothing since.
  const grown = growthWindow(windowMs);
  return async () => {
    const totals = await readTotals(registry, ofGrowth.metrics);
    return ofGrowth.read(grown({ at: now(), totals }), minEvents);
  };
}

function listOf(reading: MeasureReading): readonly MeasureValue[] {
  if (reading === undefined) return [];
  return typeof reading === 'number' ? [{ value: reading }] : reading;
}

function heapUtilization(): number {
  const { used_heap_size: used, heap_size_limit: limit } = getHeapStatistics();
  return used / limit;
}
