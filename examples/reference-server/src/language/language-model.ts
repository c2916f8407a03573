import { randomUUID } from 'node:crypto';
import { getContext, outgoingHeaders, type Ops } from 'express-runbook';
import { createServiceClient, type Metered, type ServiceClient, type UsageMeter } from 'express-runbook/services';
import { z } from '../zod.js';
import { EMBEDDING_MODEL, TASK_MODELS, type Task } from './models.js';
import { allAway, watchOutage, type Outage } from './outage.js';

export const UNAVAILABLE = 'LLM service unavailable';
/** A text of so many characters has about a quarter of that in tokens. */
const CHARACTERS_PER_TOKEN = 4;
export const OPEN_MS = 2000;
/** Free, and refuses a key that is not valid. */
const FREE_PATH = '/v1/models';

const completionSchema = z.object({
  choices: z.array(z.object({ message: z.object({ content: z.string() }) })).min(1),
  usage: z.object({ prompt_tokens: z.int().min(0), completion_tokens: z.int().min(0) }),
});
const embeddingsSchema = z.object({
  data: z.array(z.object({ index: z.int().min(0), embedding: z.array(z.number()) })).min(1),
  usage: z.object({ prompt_tokens: z.int().min(0) }),
});

export interface LanguageModel extends Outage {
  complete(clientId: string, task: Task, asked: { instruction: string; text: string }): Promise<string>;
  /** A vector for each text, in their order. */
  embed(clientId: string, texts: readonly string[]): Promise<number[][]>;
}

interface Provider {
  readonly baseUrl: string;
  readonly apiKey: string;
}

export interface LanguageModelParts extends Provider {
  readonly ops: Ops;
  readonly meter: UsageMeter;
  /** Asked with the same call when the first gives no answer: it must know the same models. */
  readonly fallback: Provider | undefined;
}

/** Every call of it is written down for the client who caused it; an outage is 503 with one text, whatever its cause. */
export function createLanguageModel({ ops, meter, fallback, ...provider }: LanguageModelParts): LanguageModel {
  const other = fallback === undefined ? undefined : clientFor('llm_fallback', fallback, ops);
  const client = clientFor('llm_service', provider, ops, other);
  const watched = [client, ...(other === undefined ? [] : [other])];

  function post<Value>(path: string, operation: string, json: object, read: (body: unknown) => Metered<Value>) {
    // A model that answers twice is paid for twice: the key lets it see that a retry is the same call.
    const idempotencyKey = randomUUID();
    return client.call(path, { json, operation, idempotencyKey, read: (answer) => read(answer.json()) });
  }

  return {
    ...allAway(watched.map((one) => watchOutage(one, { path: FREE_PATH, everyMs: OPEN_MS }))),
    complete(clientId, task, { instruction, text }) {
      const { model, maxTokens } = TASK_MODELS[task];
      const messages = [
        { role: 'system', content: instruction },
        { role: 'user', content: text },
      ];
      const promptTokens = Math.ceil((instruction.length + text.length) / CHARACTERS_PER_TOKEN);
      return meter.metered({ clientId, model, maxTokens: promptTokens + maxTokens, operation: task }, () =>
        post('/v1/chat/completions', task, { model, max_tokens: maxTokens, messages }, completionOf),
      );
    },
    embed(clientId, texts) {
      const maxTokens = Math.ceil(texts.join('').length / CHARACTERS_PER_TOKEN);
      return meter.metered({ clientId, model: EMBEDDING_MODEL, maxTokens, operation: 'search' }, () =>
        post('/v1/embeddings', 'embedding', { model: EMBEDDING_MODEL, input: texts }, embeddingsOf),
      );
    },
  };
}

function clientFor(name: string, { baseUrl, apiKey }: Provider, ops: Ops, fallback?: ServiceClient): ServiceClient {
  const client = createServiceClient({
    name,
    baseUrl,
    headers: { Authorization: `Bearer ${apiKey}` },
    outgoingHeaders,
    context: getContext,
    unavailableMessage: UNAVAILABLE,
    durationMetric: 'llm_request_duration_seconds',
    errorsMetric: 'llm_errors_total',
    breakerOpenMs: OPEN_MS,
    logger: ops.logger,
    registry: ops.metrics.registry,
    ...(fallback === undefined ? {} : { fallback }),
  });
  ops.shutdown.add(name, client.close);
  return client;
}

function completionOf(body: unknown): Metered<string> {
  const { choices, usage } = completionSchema.parse(body);
  return {
    value: choices[0]?.message.content ?? '',
    usage: { promptTokens: usage.prompt_tokens, completionTokens: usage.completion_tokens },
  };
}

function embeddingsOf(body: unknown): Metered<number[][]> {
  const { data, usage } = embeddingsSchema.parse(body);
  const inOrder = data.toSorted((one, next) => one.index - next.index).map(({ embedding }) => embedding);
  return { value: inOrder, usage: { promptTokens: usage.prompt_tokens, completionTokens: 0 } };
}
