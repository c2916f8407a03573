const NO_METRICS = new Set([
  'and',
  'or',
  'unless',
  'bool',
  'offset',
  'sum',
  'max',
  'min',
  'avg',
  'count',
  'topk',
  'by',
]);
/** Prometheus makes these itself. */
const OF_PROMETHEUS = new Set(['up', 'ALERTS']);

/** The metrics that an expression asks for: what is left without strings, labels, ranges, words of PromQL and numbers. */
export function metricsIn(expr: string): string[] {
  const bare = expr
    .replace(/"(?:[^"\\]|\\.)*"/g, '')
    .replace(/\{[^}]*\}|\[[^\]]*\]/g, ' ')
    .replace(/\b(?:by|on|ignoring|group_left|group_right)\s*\([^)]*\)/g, ' ');
  const words = [...bare.matchAll(/[a-zA-Z_:][\w:]*(?![\w:]|\s*\()/g)].map(([word]) => word);
  return [...new Set(words)].filter((word) => !NO_METRICS.has(word) && !OF_PROMETHEUS.has(word));
}

/** The labels by which an expression groups or matches, without those that a scrape adds. */
export function labelsIn(expr: string): string[] {
  const lists = [...expr.matchAll(/\b(?:by|on)\s*\(([^)]*)\)/g)].flatMap(([, list = '']) => list.split(/,\s*/));
  return [...new Set(lists)].filter((label) => !['', 'job', 'instance'].includes(label));
}

/** The families of an exposition, each with the names of its samples. */
export function familiesIn(exposition: string): Map<string, string[]> {
  const types = exposition.matchAll(/^# TYPE (\w+) (\w+)$/gm);
  return new Map(
    [...types].map(([, name = '', type]) => [
      name,
      type === 'histogram' ? [`${name}_bucket`, `${name}_count`, `${name}_sum`] : [name],
    ]),
  );
}
