import { randomUUID } from 'node:crypto';
import { getContext, outgoingHeaders, type Ops } from 'express-runbook';
import { createServiceClient, type Metered, type UsageMeter } from 'express-runbook/services';
import { z } from '../zod.js';
import { EMBEDDING_MODEL, TASK_MODELS, type Task } from './models.js';

export const UNAVAILABLE = 'LLM service unavailable';
/** A text of so many characters has about a quarter of that in tokens. */
const CHARACTERS_PER_TOKEN = 4;
const OPEN_MS = 2000;

const completionSchema = z.object({
  choices: z.array(z.object({ message: z.object({ content: z.string() }) })).min(1),
  usage: z.object({ prompt_tokens: z.int().min(0), completion_tokens: z.int().min(0) }),
});
const embeddingSchema = z.object({
  data: z.array(z.object({ embedding: z.array(z.number()) })).min(1),
  usage: z.object({ prompt_tokens: z.int().min(0) }),
});

export interface LanguageModel {
  complete(clientId: string, task: Task, text: string): Promise<string>;
  embed(clientId: string, text: string): Promise<number[]>;
}

export interface LanguageModelParts {
  readonly ops: Ops;
  readonly meter: UsageMeter;
  readonly baseUrl: string;
  readonly apiKey: string;
}

/** Every call of it is written down for the client who caused it; an outage is 503 with one text, whatever its cause. */
export function createLanguageModel({ ops, meter, baseUrl, apiKey }: LanguageModelParts): LanguageModel {
  const client = createServiceClient({
    name: 'llm_service',
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
  });
  ops.shutdown.add('llm_service', client.close);

  function post<Value>(path: string, operation: string, json: object, read: (body: unknown) => Metered<Value>) {
    // A model that answers twice is paid for twice: the key lets it see that a retry is the same call.
    const idempotencyKey = randomUUID();
    return client.call(path, { json, operation, idempotencyKey, read: (answer) => read(answer.json()) });
  }

  return {
    complete(clientId, task, text) {
      const { model, maxTokens, instruction } = TASK_MODELS[task];
      const messages = [
        { role: 'system', content: instruction },
        { role: 'user', content: text },
      ];
      const promptTokens = Math.ceil((instruction.length + text.length) / CHARACTERS_PER_TOKEN);
      return meter.metered({ clientId, model, maxTokens: promptTokens + maxTokens, operation: task }, () =>
        post('/v1/chat/completions', task, { model, max_tokens: maxTokens, messages }, completionOf),
      );
    },
    embed(clientId, text) {
      const maxTokens = Math.ceil(text.length / CHARACTERS_PER_TOKEN);
      return meter.metered({ clientId, model: EMBEDDING_MODEL, maxTokens, operation: 'search' }, () =>
        post('/v1/embeddings', 'embedding', { model: EMBEDDING_MODEL, input: text }, embeddingOf),
      );
    },
  };
}

function completionOf(body: unknown): Metered<string> {
  const { choices, usage } = completionSchema.parse(body);
  return {
    value: choices[0]?.message.content ?? '',
    usage: { promptTokens: usage.prompt_tokens, completionTokens: usage.completion_tokens },
  };
}

function embeddingOf(body: unknown): Metered<number[]> {
  const { data, usage } = embeddingSchema.parse(body);
  return { value: data[0]?.embedding ?? [], usage: { promptTokens: usage.prompt_tokens, completionTokens: 0 } };
}
