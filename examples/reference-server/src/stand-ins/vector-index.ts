import { z } from '../zod.js';
import { startStandIn, type Asked, type StandIn } from './stand-in.js';

const vectorSchema = z.object({
  id: z.string(),
  values: z.array(z.number()),
  metadata: z.record(z.string(), z.unknown()).optional(),
});
const upsertSchema = z.object({ vectors: z.array(vectorSchema) });
const querySchema = z.object({
  vector: z.array(z.number()),
  topK: z.int().min(1).max(10_000),
  filter: z.record(z.string(), z.object({ $eq: z.string() })).default({}),
});
const PAGE = 100;

/** What the real one takes with one fetch, so that nobody gets used to more. */
const MAX_FETCHED = 1000;

/** An index in memory; any key that is not empty will do. */
export function startVectorIndex(port?: number): Promise<StandIn> {
  const vectors = new Map<string, z.output<typeof vectorSchema>>();

  function upsert({ body }: Asked): object {
    const { data } = upsertSchema.safeParse(body);
    for (const vector of data?.vectors ?? []) vectors.set(vector.id, vector);
    return { upsertedCount: data?.vectors.length ?? 0 };
  }

  function query({ body }: Asked): object {
    const { data } = querySchema.safeParse(body);
    if (data === undefined) return { matches: [] };
    const wanted = Object.entries(data.filter);
    const fitting = [...vectors.values()].filter(({ metadata = {} }) =>
      wanted.every(([name, { $eq }]) => metadata[name] === $eq),
    );
    const scored = fitting.map(({ id, values }) => ({ id, score: product(values, data.vector) }));
    return { matches: scored.sort((one, other) => other.score - one.score).slice(0, data.topK) };
  }

  function fetchByIds({ query: asked }: Asked): object {
    const ids = asked.getAll('ids').slice(0, MAX_FETCHED);
    const found = ids.map((id) => vectors.get(id)).filter((one) => one !== undefined);
    return { vectors: Object.fromEntries(found.map((one) => [one.id, one])) };
  }

  function list({ query: asked }: Asked): object {
    const from = Number(asked.get('paginationToken') ?? 0);
    const ids = [...vectors.keys()].slice(from, from + Number(asked.get('limit') ?? PAGE));
    const next = from + ids.length < vectors.size ? { next: String(from + ids.length) } : {};
    return { vectors: ids.map((id) => ({ id })), pagination: next };
  }

  return startStandIn({
    port,
    hasKey: ({ headers }) => (headers['api-key'] ?? '') !== '',
    routes: {
      'GET /describe_index_stats': () => ({
        namespaces: {},
        dimension: 8,
        indexFullness: 0,
        totalVectorCount: vectors.size,
      }),
      'POST /vectors/upsert': upsert,
      'POST /query': query,
      'GET /vectors/fetch': fetchByIds,
      'GET /vectors/list': list,
    },
  });
}

function product(one: readonly number[], other: readonly number[]): number {
  return one.reduce((sum, value, place) => sum + value * (other[place] ?? 0), 0);
}
