import { createHash } from 'node:crypto';
import type { Config, Ops, RedisCommands } from 'express-runbook';
import { createCache } from 'express-runbook/cache';
import { createUsageMeter, inBatches, type UsageMeter } from 'express-runbook/services';
import type { Pool } from 'pg';
import type { PromptList } from '../prompts/prompt-list.js';
import { createLanguageModel, type LanguageModel } from './language-model.js';
import { PRICES, TASK_MODELS, type Task } from './models.js';
import { anyAway, type Outage } from './outage.js';
import { createVectorIndex, type Where } from './vector-index.js';

const MONTHLY_TOKENS = 10_000_000;
const ANSWERS_TTL_MS = 3_600_000;
/** Longer than a call of the language model may take in all. */
const LOAD_TIMEOUT_MS = 40_000;
/** Texts in one call, so that a long upload is many small ones. */
const EMBEDDED_AT_ONCE = 100;

export interface Match {
  readonly id: string;
  readonly score: number;
  readonly metadata?: Record<string, unknown> | undefined;
}

/** What a search can find. */
interface Indexed {
  readonly id: string;
  readonly text: string;
  readonly codebookId: string;
}

/** What a client has done with its texts, in a request or in a job. */
export interface Operations {
  complete(clientId: string, task: Task, text: string): Promise<string>;
  /** Puts them into the index; again, it changes nothing. */
  index(clientId: string, items: readonly Indexed[]): Promise<void>;
  search(where: Where, text: string, limit: number): Promise<Match[]>;
  /** Of the language model, which every task needs. */
  readonly model: Outage;
  /** Of what a search needs: the model and the index. */
  readonly finding: Outage;
}

export interface OperationsParts {
  readonly ops: Ops;
  readonly pool: Pool;
  readonly redis: RedisCommands | undefined;
  readonly prompts: PromptList;
}

/** Whether the configuration names a language model and a vector index. */
export function hasLanguage({ llmApiUrl, pineconeIndexUrl }: Config): boolean {
  return llmApiUrl !== undefined && pineconeIndexUrl !== undefined;
}

/** Nothing without a language model and a vector index in the configuration. */
export function createOperations({ ops, pool, redis, prompts }: OperationsParts): Operations | undefined {
  const { pineconeIndexUrl, pineconeApiKey = '' } = ops.config;
  const model = modelOf(ops, meterOf(ops, pool));
  if (model === undefined || pineconeIndexUrl === undefined) return undefined;
  const index = createVectorIndex({ ops, baseUrl: pineconeIndexUrl, apiKey: pineconeApiKey });
  const answers = createCache<string>({
    name: 'llm_answers',
    ttlMs: ANSWERS_TTL_MS,
    loadTimeoutMs: LOAD_TIMEOUT_MS,
    redis,
    logger: ops.logger,
    registry: ops.metrics.registry,
  });

  return {
    model,
    finding: anyAway([model, index]),
    async complete(clientId, task, text) {
      const asked = { instruction: await prompts.of(task), text };
      const load = (): Promise<string> => model.complete(clientId, task, asked);
      return answers.cached(keyOf(clientId, task, asked), load, { tags: [`client:${clientId}`] });
    },
    async index(clientId, items) {
      await inBatches(items, EMBEDDED_AT_ONCE, async (some) => {
        const vectors = await model.embed(
          clientId,
          some.map(({ text }) => text),
        );
        await index.upsert(
          some.map(({ id, text, codebookId }, place) => ({
            id,
            values: vectors[place] ?? [],
            metadata: { text, codebookId, clientId },
          })),
        );
      });
    },
    async search(where, text, limit) {
      const [vector = []] = await model.embed(where.clientId, [text]);
      const matches = await index.query(where, vector, limit);
      const found = new Map((await index.fetch(matches.map(({ id }) => id))).map((one) => [one.id, one]));
      return matches.map((match) => ({ ...match, metadata: found.get(match.id)?.metadata }));
    },
  };
}

function meterOf({ config, logger, metrics: { registry } }: Ops, pool: Pool): UsageMeter {
  return createUsageMeter({
    pool,
    prices: PRICES,
    monthlyTokens: MONTHLY_TOKENS,
    monthlyBudgetUsd: config.llmMonthlyBudgetUsd,
    maxClients: config.metrics.maxClients,
    logger,
    registry,
  });
}

function modelOf(ops: Ops, meter: UsageMeter): LanguageModel | undefined {
  const { llmApiUrl, llmApiKey = '', llmFallbackApiUrl, llmFallbackApiKey = '' } = ops.config;
  if (llmApiUrl === undefined) return undefined;
  const fallback =
    llmFallbackApiUrl === undefined ? undefined : { baseUrl: llmFallbackApiUrl, apiKey: llmFallbackApiKey };
  return createLanguageModel({ ops, meter, baseUrl: llmApiUrl, apiKey: llmApiKey, fallback });
}

/** Of one client only: what another one asked is none of its business. The text itself is no part of a key in Redis. */
function keyOf(clientId: string, task: Task, { instruction, text }: { instruction: string; text: string }): string {
  const hash = createHash('sha256')
    .update(JSON.stringify([TASK_MODELS[task].model, instruction, text]))
    .digest('hex');
  return `llm:${clientId}:${task}:${hash}`;
}
