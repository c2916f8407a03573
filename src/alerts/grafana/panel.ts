/** One diagram: what it shows, and why somebody would look. */
export interface Panel {
  readonly title: string;
  readonly description: string;
  /** Of Grafana: https://github.com/grafana/grafana/blob/main/packages/grafana-data/src/valueFormats/categories.ts */
  readonly unit: string;
  readonly targets: readonly Target[];
}

/** An expression, with what stands in the legend for each of its series. */
export type Target = readonly [expr: string, legend: string];

interface Row {
  readonly title: string;
  readonly panels: readonly Panel[];
}

export interface Board {
  /** Of its file, and of its uid behind that of the service. */
  readonly name: string;
  readonly title: string;
  readonly rows: readonly Row[];
}

export function panel(title: string, unit: string, description: string, ...targets: readonly Target[]): Panel {
  return { title, unit, description, targets };
}

/** The series of the chosen job and instances. */
export function of(name: string, ...matchers: readonly string[]): string {
  return `${name}{${['job="$job"', 'instance=~"$instance"', ...matchers].join(',')}}`;
}

const BY = (labels: string): string => (labels === '' ? '' : `by (${labels}) `);

/** Events per second, added up. */
export function rate(name: string, by = '', ...matchers: readonly string[]): string {
  return `sum ${BY(by)}(rate(${of(name, ...matchers)}[$__rate_interval]))`;
}

/** Events of the last hour, added up: for what happens seldom. */
export function lastHour(name: string, by = ''): string {
  return `sum ${BY(by)}(increase(${of(name)}[1h]))`;
}

export function quantile(share: number, histogram: string, by = ''): string {
  return `histogram_quantile(${String(share)}, ${rate(`${histogram}_bucket`, by === '' ? 'le' : `le, ${by}`)})`;
}

/** Gauges that all instances show alike: rows of one table, files of one disk. */
export function highest(name: string, by = ''): string {
  return `max ${BY(by)}(${of(name)})`;
}

/** Seconds since a time that a gauge shows. */
export function since(name: string): string {
  return `time() - ${of(name)}`;
}
