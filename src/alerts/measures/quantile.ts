/**
 * As `histogram_quantile` in PromQL: linear within a bucket; the highest finite bound for what lies above it. Nothing without
 * observations.
 */
export function quantile(q: number, buckets: readonly (readonly [bound: number, count: number])[]): number | undefined {
  const total = buckets.at(-1)?.[1] ?? 0;
  if (total === 0) return undefined;
  const rank = q * total;
  const index = buckets.findIndex(([, count]) => count >= rank);
  const [bound, count] = buckets[index] ?? [Infinity, total];
  const [lower, below] = buckets[index - 1] ?? [0, 0];
  if (bound === Infinity) return lower;
  return count === below ? bound : lower + ((bound - lower) * (rank - below)) / (count - below);
}
