import { getHeapStatistics } from 'node:v8';
import type { Registry } from 'prom-client';
import { TIMED_OUT, withDeadline } from '../../core/deadline.js';
import { createDelayMeter } from '../../core/event-loop-delay.js';
import type { MeasureName } from '../thresholds/index.js';
import { healthMeasures, type HealthView } from './health-measures.js';
import type { MeasureReader, MeasureReading, MeasureValue } from './measure-value.js';
import { GAUGE_MEASURES, GROWTH_MEASURES, readGauge } from './registry-measures.js';
import { growthWindow, readTotals, type Growth } from './totals.js';

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

export interface Measured {
  /** What every measure says now; one that says nothing, or cannot be read, is not there. */
  read(health: HealthView | undefined): Promise<ReadonlyMap<MeasureName, readonly MeasureValue[]>>;
  close(): void;
}

/** A measure of the service's own may ask somewhere, and that may hang. */
const READ_MS = 2000;

/** What is measured, from the service's own readers first, then its health, then the metrics of the process. */
export function createMeasured(spec: MeasuredSpec): Measured {
  const { wanted, registry, own, windowMs, minEvents, now, onError } = spec;
  const delay = wanted.has('eventLoopLag') ? createDelayMeter() : undefined;
  const grown = growthWindow(windowMs);
  const metrics = [...new Set([...wanted].flatMap((name) => GROWTH_MEASURES[name]?.metrics ?? []))];

  async function processMeasure(name: MeasureName, growth: Growth | undefined): Promise<MeasureReading> {
    if (name === 'eventLoopLag') return (delay?.read().p99Ms ?? 0) / 1000;
    if (name === 'heapUtilization') return heapUtilization();
    const [ofGrowth, ofGauge] = [GROWTH_MEASURES[name], GAUGE_MEASURES[name]];
    if (ofGrowth !== undefined && growth !== undefined) return ofGrowth.read(growth, minEvents);
    return ofGauge === undefined || registry === undefined ? undefined : readGauge(registry, ofGauge, now());
  }

  async function readOwn(name: MeasureName, reader: MeasureReader): Promise<MeasureReading> {
    // In a step of its own, so that a reader which throws at once is one that rejects.
    const reading = await withDeadline(Promise.resolve().then(reader), READ_MS);
    if (reading === TIMED_OUT) throw new Error(`${name} was not read within ${String(READ_MS)} ms`);
    return reading;
  }

  return {
    async read(health) {
      const values = new Map<MeasureName, readonly MeasureValue[]>();
      const ofHealth = health === undefined ? {} : healthMeasures(health);
      const growth =
        registry === undefined ? undefined : grown({ at: now(), totals: await readTotals(registry, metrics) });
      for (const name of wanted) {
        const reader = own[name];
        try {
          const reading = reader === undefined ? await processMeasure(name, growth) : await readOwn(name, reader);
          const found = [...listOf(reading), ...(reader === undefined ? (ofHealth[name] ?? []) : [])];
          const known = found.filter(({ value }) => !Number.isNaN(value));
          if (known.length > 0) values.set(name, known);
        } catch (error) {
          onError(name, error);
        }
      }
      return values;
    },
    close() {
      delay?.close();
    },
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
