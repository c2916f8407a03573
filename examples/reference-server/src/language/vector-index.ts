import { randomUUID } from 'node:crypto';
import { getContext, outgoingHeaders, type Ops } from 'express-runbook';
import { createServiceClient, inBatches } from 'express-runbook/services';
import { z } from '../zod.js';
import { OPEN_MS, UNAVAILABLE } from './language-model.js';
import { watchOutage, type Outage } from './outage.js';

const vectorSchema = z.object({
  id: z.string(),
  values: z.array(z.number()),
  metadata: z.record(z.string(), z.unknown()).optional(),
});
const matchesSchema = z.object({ matches: z.array(z.object({ id: z.string(), score: z.number() })) });
const vectorsSchema = z.object({ vectors: z.record(z.string(), vectorSchema) });

/** Vectors in one call: an address with the ids of all of them would be refused, and an answer with them fill the memory. */
const BATCH = 100;
/** Counts vectors and reads none. */
const FREE_PATH = '/describe_index_stats';

type Vector = z.output<typeof vectorSchema>;

/** What is searched: all that a client has, or one codebook of it. */
export interface Where {
  readonly clientId: string;
  readonly codebookId?: string | undefined;
}

export interface VectorIndex extends Outage {
  upsert(vectors: readonly Vector[]): Promise<void>;
  /** The nearest of those that belong to the client, or to one of its codebooks. */
  query(where: Where, vector: readonly number[], limit: number): Promise<{ id: string; score: number }[]>;
  /** Those that are there. */
  fetch(ids: readonly string[]): Promise<Vector[]>;
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
    ...watchOutage(client, { path: FREE_PATH, everyMs: OPEN_MS }),
    async upsert(vectors) {
      await inBatches(vectors, BATCH, (some) =>
        // Safe to repeat by what it is, and a question is so too: the keys say that to the client.
        client.call('/vectors/upsert', { json: { vectors: some }, operation: 'upsert', idempotencyKey: randomUUID() }),
      );
    },
    query({ clientId, codebookId }, vector, limit) {
      const within = codebookId === undefined ? {} : { codebookId: { $eq: codebookId } };
      return client.call('/query', {
        json: { vector, topK: limit, filter: { clientId: { $eq: clientId }, ...within } },
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
  };
}
