/** Labels that pick the series of one service. */
export type Labels = Readonly<Record<string, string>>;

/**
 * A label value as PromQL reads it (https://prometheus.io/docs/prometheus/latest/querying/basics/#string-literals). Go and JSON
 * escape alike, but for U+2028, which JSON leaves as it is and Go takes as it is.
 */
function quoted(value: string): string {
  return JSON.stringify(value);
}

/** `name{job="service",status=~"5.."}`: the labels first, then further matchers as they are. */
export function series(name: string, labels: Labels, ...matchers: readonly string[]): string {
  const all = [...Object.entries(labels).map(([label, value]) => `${label}=${quoted(value)}`), ...matchers];
  return all.length === 0 ? name : `${name}{${all.join(',')}}`;
}

/** `3600` is `1h`, as PromQL and rule files write it. */
export function durationText(seconds: number): string {
  const units = [
    ['d', 86_400],
    ['h', 3600],
    ['m', 60],
  ] as const;
  const [unit, size] = units.find(([, length]) => seconds >= length && seconds % length === 0) ?? ['s', 1];
  return `${String(seconds / size)}${unit}`;
}

/** Without the noise that binary fractions bring: 14.4 times 0.001 is 0.0144. */
export function numberText(value: number): string {
  return String(Number(value.toPrecision(12)));
}
