import { createHash } from 'node:crypto';
import type { Config, Ops, RedisCommands } from 'express-runbook';
import { createCache } from 'express-runbook/cache';
import { createUsageMeter } from 'express-runbook/services';
import type { Pool } from 'pg';
import { createLanguageModel } from './language-model.js';
import { PRICES, TASK_MODELS, type Task } from './models.js';
import { createVectorIndex } from './vector-index.js';

const MONTHLY_TOKENS = 10_000_000;
const ANSWERS_TTL_MS = 3_600_000;
/** Longer than a call of the language model may take in all. */
const LOAD_TIMEOUT_MS = 40_000;

interface Match {
  readonly id: string;
  readonly score: number;
  readonly metadata?: Record<string, unknown> | undefined;
}

/** What a client has done with its texts, in a request or in a job. */
export interface Operations {
  complete(clientId: string, task: Task, text: string): Promise<string>;
  search(clientId: string, text: string, limit: number): Promise<Match[]>;
}

export interface OperationsParts {
  readonly ops: Ops;
  readonly pool: Pool;
  readonly redis: RedisCommands | undefined;
  readonly config: Config;
}

/** Whether the configuration names a language model and a vector index. */
export function hasLanguage({ llmApiUrl, pineconeIndexUrl }: Config): boolean {
  return llmApiUrl !== undefined && pineconeIndexUrl !== undefined;
}

/** Nothing without a language model and a vector index in the configuration. */
export function createOperations({ ops, pool, redis, config }: OperationsParts): Operations | undefined {
  const { llmApiUrl, llmApiKey = '', pineconeIndexUrl, pineconeApiKey = '' } = config;
  if (llmApiUrl === undefined || pineconeIndexUrl === undefined) return undefined;
  const { logger, metrics } = ops;
  const { registry } = metrics;
  const meter = createUsageMeter({ pool, prices: PRICES, monthlyTokens: MONTHLY_TOKENS, logger, registry });
  const model = createLanguageModel({ ops, meter, baseUrl: llmApiUrl, apiKey: llmApiKey });
  const index = createVectorIndex({ ops, baseUrl: pineconeIndexUrl, apiKey: pineconeApiKey });
  const answers = createCache<string>({
    name: 'llm_answers',
    ttlMs: ANSWERS_TTL_MS,
    loadTimeoutMs: LOAD_TIMEOUT_MS,
    redis,
    logger,
    registry,
  });

  return {
    complete(clientId, task, text) {
      const load = (): Promise<string> => model.complete(clientId, task, text);
      return answers.cached(keyOf(clientId, task, text), load, { tags: [`client:${clientId}`] });
    },
    async search(clientId, text, limit) {
      const matches = await index.query(await model.embed(clientId, text), limit);
      const found = new Map((await index.fetch(matches.map(({ id }) => id))).map((vector) => [vector.id, vector]));
      return matches.map((match) => ({ ...match, metadata: found.get(match.id)?.metadata }));
    },
  };
}

/** Of one client only: what another one asked is none of its business. The text itself is no part of a key in Redis. */
function keyOf(clientId: string, task: Task, text: string): string {
  const hash = createHash('sha256').update(`${TASK_MODELS[task].model}\n${text}`).digest('hex');
  return `llm:${clientId}:${task}:${hash}`;
}
