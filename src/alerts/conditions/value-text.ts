import { MEASURES, type MeasureName, type MeasureUnit } from '../thresholds/index.js';

const STATES: Readonly<Partial<Record<MeasureName, readonly string[]>>> = {
  overallStatus: ['ok', 'degraded', 'error'],
};

const WORDS: Readonly<Record<MeasureUnit, (value: number) => string>> = {
  ratio: (value) => `${(value * 100).toFixed(2)}%`,
  seconds: (value) => (value < 1 ? `${String(Math.round(value * 1000))} ms` : `${value.toFixed(2)} s`),
  count: (value) => String(Math.round(value)),
  perSecond: (value) => `${value.toFixed(1)}/s`,
  hours: (value) => `${value.toFixed(1)} h`,
  days: (value) => `${value.toFixed(1)} d`,
  state: (value) => String(value),
};

/** A value as people read it, e.g. `5.23%` (ALR-24). */
export function valueText(measure: MeasureName, value: number): string {
  return STATES[measure]?.[value] ?? WORDS[MEASURES[measure].unit](value);
}
