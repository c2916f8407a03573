import { startStandIn, type StandIn } from './stand-in.js';

const COMPLETIONS = 'POST /v1/chat/completions';

/** A language model that says the same to everybody; any key that is not empty will do. */
export function startLanguageModel(port?: number): Promise<StandIn> {
  return startStandIn({
    port,
    hasKey: ({ headers }) => /^Bearer \S+$/.test(headers.authorization ?? ''),
    routes: {
      // Costs nothing, and tells whether the key is valid.
      'GET /v1/models': () => ({ object: 'list', data: [{ id: 'stand-in', object: 'model' }] }),
      [COMPLETIONS]: () => ({
        choices: [{ index: 0, message: { role: 'assistant', content: 'A stand-in knows no answers.' } }],
        usage: { prompt_tokens: 8, completion_tokens: 6, total_tokens: 14 },
      }),
    },
  });
}
