import type { ExpressRequest } from '../../core/middleware.js';
import type { ClientOf } from './client-label.js';
import { OVERFLOW } from '../../instruments/known-series.js';

interface RequestLabels extends Record<'method' | 'endpoint' | 'status', string> {
  client_id?: string;
}

export interface LabelsSettings {
  readonly maxSeries: number;
  /** Asked once per new endpoint; may give another name to what would otherwise be one of many. */
  readonly nameOf: (endpoint: string, req: ExpressRequest) => string;
  readonly clientOf: ClientOf;
  readonly onFolded: () => void;
}

export type LabelsOf = (method: string, endpoint: string, status: string, req: ExpressRequest) => RequestLabels;

/**
 * Hands out one labels object per series, the same at every call, and at most `maxSeries` of them; beyond that the
 * endpoint and the client are `__other__`, `onFolded` hears of it, and only method and status, which are short lists, still
 * differ. It hears of a client as well that is shown as one of the others.
 */
export function boundedLabels({ maxSeries, nameOf, clientOf, onFolded }: LabelsSettings): LabelsOf {
  const known = new Map<string, RequestLabels>();
  const folded = new Map<string, RequestLabels>();

  function added(method: string, endpoint: string, status: string, client: string | undefined): RequestLabels {
    const key = keyOf(method, endpoint, status, client);
    const found = known.get(key);
    if (found !== undefined) return found;
    if (known.size < maxSeries) return remember(known, key, labelsOf(method, endpoint, status, client));
    onFolded();
    const foldedKey = `${method} ${status}`;
    return (
      folded.get(foldedKey) ??
      remember(folded, foldedKey, labelsOf(method, OVERFLOW, status, client === undefined ? client : OVERFLOW))
    );
  }

  return (method, endpoint, status, req) => {
    const client = clientOf(req);
    const found = known.get(keyOf(method, endpoint, status, client));
    const labels = found ?? added(method, nameOf(endpoint, req), status, client);
    if (client === OVERFLOW && labels.endpoint !== OVERFLOW) onFolded();
    return labels;
  };
}

/** The endpoint is a template of the program's: what a client calls itself cannot end it. */
function keyOf(method: string, endpoint: string, status: string, client: string | undefined): string {
  return client === undefined ? `${method} ${status} ${endpoint}` : `${method} ${status} ${endpoint}\u0000${client}`;
}

function labelsOf(method: string, endpoint: string, status: string, client: string | undefined): RequestLabels {
  return client === undefined ? { method, endpoint, status } : { method, endpoint, status, client_id: client };
}

function remember(series: Map<string, RequestLabels>, key: string, labels: RequestLabels): RequestLabels {
  series.set(key, labels);
  return labels;
}
