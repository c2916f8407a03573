import type { Registry } from 'prom-client';
import { counter } from '../instruments/instruments.js';

const KINDS = ['request_id', 'correlation_id', 'traceparent', 'tracestate'] as const;

/** Which of the client's headers was refused: never its name or value, which a client could choose. */
export type RejectedKind = (typeof KINDS)[number];

/** Counts what clients sent and did not get back. From the start at 0, so that the first one shows as a rise. */
export function rejectedIds(registry: Registry | undefined): (kind: RejectedKind) => void {
  if (registry === undefined) return () => undefined;
  const rejected = counter<'header'>(registry, {
    name: 'correlation_ids_rejected_total',
    help: 'Ids and trace headers of clients that were not acceptable and replaced or dropped.',
    labelNames: ['header'],
  });
  const series = new Map(KINDS.map((kind) => [kind, rejected.labels({ header: kind })]));
  for (const one of series.values()) one.inc(0);
  return (kind) => series.get(kind)?.inc();
}
