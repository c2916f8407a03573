import type { MeasureUnit } from '../thresholds/index.js';

interface ValueFormat {
  /** What Prometheus puts the value into (https://prometheus.io/docs/prometheus/latest/configuration/template_reference/). */
  readonly template: string;
  /** The same, by us: numbers of thresholds, and what the fixtures expect. */
  readonly text: (value: number) => string;
}

const fixed = (digits: number, unit: string): ValueFormat => ({
  template: `{{ $value | printf "%.${String(digits)}f" }}${unit}`,
  text: (value) => `${value.toFixed(digits)}${unit}`,
});

export const VALUE_FORMATS: Readonly<Record<MeasureUnit, ValueFormat>> = {
  ratio: {
    template: '{{ $value | humanizePercentage }}',
    text: (value) => `${String(Number((value * 100).toPrecision(4)))}%`,
  },
  seconds: fixed(3, ' s'),
  count: fixed(0, ''),
  perSecond: fixed(1, ' per second'),
  hours: fixed(1, ' h'),
  days: fixed(1, ' days'),
  state: fixed(0, ''),
};

/** Text of people in a template: what looks like one is shown as it is. */
export function asPlainText(text: string): string {
  return text.replaceAll('{{', '{{ "{{" }}');
}
