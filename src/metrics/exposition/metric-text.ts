import { breather } from './breather.js';
import type { Collected, Sample, SampleLabels } from './collected.js';
import type { Format } from './formats.js';

/** Samples that are written before the event loop is asked about. */
const CHUNK = 256;

/** The text of labels objects that come again at every scrape. */
export type TextCache = WeakMap<SampleLabels, string>;

export interface TextSettings {
  readonly format: Format;
  /** On every sample that has no label of that name itself. */
  readonly defaultLabels: SampleLabels;
  readonly cache: TextCache;
}

/**
 * Writes metrics as text, with pauses, so that a large scrape does not keep requests waiting. Names and values are the same in
 * both formats: a counter without `_total`, which OpenMetrics does not have, is of unknown type there and keeps its name.
 */
export async function metricsText(metrics: readonly Collected[], settings: TextSettings): Promise<string> {
  const breathe = breather();
  let text = '';
  for (const metric of metrics) {
    text += headOf(metric, settings.format);
    for (let from = 0; from < metric.values.length; from += CHUNK) {
      const to = Math.min(from + CHUNK, metric.values.length);
      for (let index = from; index < to; index++) text += sampleLine(metric, metric.values[index], settings);
      await breathe();
    }
  }
  return settings.format === 'openmetrics' ? `${text}# EOF\n` : text;
}

function headOf({ name, help, type }: Collected, format: Format): string {
  const shown = help.replaceAll('\\', '\\\\').replaceAll('\n', '\\n');
  if (format === 'prometheus') return `# HELP ${name} ${shown}\n# TYPE ${name} ${type}\n`;
  // OpenMetrics 1.0 names the family without what its samples end in.
  const isFamily = type === 'counter' && name.endsWith('_total');
  const family = isFamily ? name.slice(0, -'_total'.length) : name;
  const kind = type === 'counter' && !isFamily ? 'unknown' : type;
  return `# HELP ${family} ${shown.replaceAll('"', '\\"')}\n# TYPE ${family} ${kind}\n`;
}

function sampleLine({ name }: Collected, sample: Sample | undefined, settings: TextSettings): string {
  if (sample === undefined) return '';
  const { labels, sharedLabels, metricName = name, value } = sample;
  const own = labels === undefined ? '' : labelsText(labels, sharedLabels === undefined ? settings : undefined);
  const shared = sharedLabels === undefined ? '' : labelsText(sharedLabels, settings);
  const separator = own !== '' && shared !== '' ? ',' : '';
  const all = own === '' && shared === '' ? '' : `{${own}${separator}${shared}}`;
  return `${metricName}${all} ${valueText(value)}\n`;
}

/** With `settings` the object is one that comes again, and takes the default labels. */
function labelsText(labels: SampleLabels, settings: TextSettings | undefined): string {
  if (settings === undefined) return joined(labels);
  const known = settings.cache.get(labels);
  if (known !== undefined) return known;
  const text = joined({ ...labels, ...settings.defaultLabels, ...labels });
  settings.cache.set(labels, text);
  return text;
}

function joined(labels: SampleLabels): string {
  let text = '';
  for (const name in labels) {
    const value = labels[name];
    if (value !== undefined) text += `${text === '' ? '' : ','}${name}="${escaped(value)}"`;
  }
  return text;
}

/** Whatever a metric that is not ours took for a label value: one that is not escaped would break the whole exposition. */
function escaped(value: unknown): string {
  const text = typeof value === 'string' ? value : String(value);
  if (!/["\\\n]/.test(text)) return text;
  return text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n').replaceAll('"', '\\"');
}

function valueText(value: number): string {
  if (Number.isFinite(value)) return String(value);
  if (Number.isNaN(value)) return 'NaN';
  return value > 0 ? '+Inf' : '-Inf';
}
