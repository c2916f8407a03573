import type { Registry } from 'prom-client';
import { wordCounter } from '../instruments/word-counter.js';

const KINDS = ['request_id', 'correlation_id', 'traceparent', 'tracestate'] as const;

/** Which of the client's headers was refused: never its name or value, which a client could choose. */
export type RejectedKind = (typeof KINDS)[number];

/** Counts what clients sent and did not get back. */
export function rejectedIds(registry: Registry | undefined): (kind: RejectedKind) => void {
  return wordCounter(registry, {
    name: 'correlation_ids_rejected_total',
    help: 'Ids and trace headers of clients that were not acceptable and replaced or dropped.',
    label: 'header',
    words: KINDS,
  });
}
