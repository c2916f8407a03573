export type RequestLabels = Record<'method' | 'endpoint' | 'status', string>;

/**
 * Hands out one labels object per series, the same at every call, and at most `maxSeries` of them; beyond that the
 * endpoint is `__other__`, `onFolded` hears of it, and only method and status, which are short lists, still differ.
 */
export function boundedLabels(
  maxSeries: number,
  onFolded: () => void,
): (method: string, endpoint: string, status: string) => RequestLabels {
  const known = new Map<string, RequestLabels>();
  const folded = new Map<string, RequestLabels>();

  return (method, endpoint, status) => {
    const key = `${method} ${status} ${endpoint}`;
    const found = known.get(key);
    if (found !== undefined) return found;
    if (known.size < maxSeries) return remember(known, key, { method, endpoint, status });
    onFolded();
    const foldedKey = `${method} ${status}`;
    return folded.get(foldedKey) ?? remember(folded, foldedKey, { method, endpoint: '__other__', status });
  };
}

function remember(series: Map<string, RequestLabels>, key: string, labels: RequestLabels): RequestLabels {
  series.set(key, labels);
  return labels;
}
