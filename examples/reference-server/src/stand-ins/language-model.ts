import { z } from '../zod.js';
import { startStandIn, type StandIn } from './stand-in.js';

const COMPLETIONS = 'POST /v1/chat/completions';
const DIMENSION = 8;

const embeddingSchema = z.object({ input: z.array(z.string()).or(z.string().transform((text) => [text])) });

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
      'POST /v1/embeddings': ({ body }) => ({
        data: (embeddingSchema.safeParse(body).data?.input ?? ['']).map((text, index) => ({
          index,
          embedding: lettersOf(text),
        })),
        usage: { prompt_tokens: 4, total_tokens: 4 },
      }),
    },
  });
}

/** Texts of the same letters point in the same direction: enough to find again what was put in. */
function lettersOf(text: string): number[] {
  const sums = Array.from({ length: DIMENSION }, () => 0);
  for (const letter of text.toLowerCase()) {
    const place = (letter.codePointAt(0) ?? 0) % DIMENSION;
    sums[place] = (sums[place] ?? 0) + 1;
  }
  const length = Math.hypot(...sums);
  return length === 0 ? sums : sums.map((sum) => sum / length);
}
