/** The value of one series in Prometheus text, e.g. `errors_total` or `http_requests_total{method="GET"}`. */
export function valueOf(text: string, series: string): number | undefined {
  const line = text.split('\n').find((one) => one.startsWith(`${series} `));
  return line === undefined ? undefined : Number(line.slice(series.length + 1));
}

/** The lines of one metric, histogram parts included. */
export function seriesOf(text: string, name: string): string[] {
  return text.split('\n').filter((line) => line.startsWith(name));
}
