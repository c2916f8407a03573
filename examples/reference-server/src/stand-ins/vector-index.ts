import { startStandIn, type StandIn } from './stand-in.js';

/** An index without vectors; any key that is not empty will do. */
export function startVectorIndex(port?: number): Promise<StandIn> {
  return startStandIn({
    port,
    hasKey: ({ headers }) => (headers['api-key'] ?? '') !== '',
    routes: {
      'GET /describe_index_stats': () => ({ namespaces: {}, dimension: 8, indexFullness: 0, totalVectorCount: 0 }),
    },
  });
}
