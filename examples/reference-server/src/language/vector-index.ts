import { randomUUID } from 'node:crypto';
import { getContext, outgoingHeaders, type Ops } from 'express-runbook';
import { createServiceClient, inBatches } from 'express-runbook/services';
import { z } from '../zod.js';
import { UNAVAILABLE } from './language-model.js';

const vectorSchema = z.object({
  id: z.string(),
  values: z.array(z.number()),
  metadata: z.record(z.string(), z.unknown()).optional(),
});
const matchesSchema = z.object({ matches: z.array(z.object({ id: z.string(), score: z.number() })) });
const vectorsSchema = z.object({ vectors: z.record(z.string(), vectorSchema) });
const statsSchema = z.object({ totalVectorCount: z.int() });

/** Vectors in one call: an address with the ids of all of them would be refused, and an answer with them fill the memory. */
const BATCH = 100;
const OPEN_MS = 2000;

type Vector = z.output<typeof vectorSchema>;

export interface VectorIndex {
  upsert(vectors: readonly Vector[]): Promise<void>;
  query(vector: readonly number[], limit: number): Promise<{ id: string; score: number }[]>;
  /** Those that are there. */
  fetch(ids: readonly string[]): Promise<Vector[]>;
  /** How many there are. */
  count(): Promise<number>;
}

export interface VectorIndexParts {
  readonly ops: Ops;
  readonly baseUrl: string;
  readonly apiKey: string;
}

export function createVectorIndex({ ops, baseUrl, apiKey }: VectorIndexParts): VectorIndex {
  const client = createServiceClient({
    name: 'pinecone',
    baseUrl,
    headers: { 'Api-Key': apiKey },
    outgoingHeaders,
    context: getContext,
    unavailableMessage: UNAVAILABLE,
    durationMetric: 'vector_operation_duration_seconds',
    breakerOpenMs: OPEN_MS,
    logger: ops.logger,
    registry: ops.metrics.registry,
  });
  ops.shutdown.add('pinecone', client.close);

  return {
    async upsert(vectors) {
      await inBatches(vectors, BATCH, (some) =>
        // Safe to repeat by what it is, and a question is so too: the keys say that to the client.
        client.call('/vectors/upsert', { json: { vectors: some }, operation: 'upsert', idempotencyKey: randomUUID() }),
      );
    },
    query(vector, limit) {
      return client.call('/query', {
        json: { vector, topK: limit },
        operation: 'query',
        idempotencyKey: randomUUID(),
        read: (answer) => matchesSchema.parse(answer.json()).matches,
      });
    },
    async fetch(ids) {
      const batches = await inBatches(ids, BATCH, (some) =>
        client.call('/vectors/fetch', {
          query: { ids: some },
          operation: 'fetch',
          read: (answer) => Object.values(vectorsSchema.parse(answer.json()).vectors),
        }),
      );
      return batches.flat();
    },
    count() {
      return client.call('/describe_index_stats', {
        operation: 'stats',
        read: (answer) => statsSchema.parse(answer.json()).totalVectorCount,
      });
    },
  };
}
