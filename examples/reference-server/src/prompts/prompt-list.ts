import type { Ops, RedisCommands } from 'express-runbook';
import { createCache } from 'express-runbook/cache';
import type { Pool } from 'pg';
import { timeToLive } from '../cache-times.js';
import type { Task } from '../language/models.js';

interface Prompt {
  readonly task: Task;
  readonly text: string;
  readonly updatedAt: Date;
}

export interface PromptList {
  all(): Promise<Prompt[]>;
  /** What the model is told before a text. */
  of(task: Task): Promise<string>;
  update(task: Task, text: string): Promise<Prompt | undefined>;
}

type Parts = Pick<Ops, 'metrics' | 'logger'> & { readonly redis: RedisCommands | undefined };

const COLUMNS = `task, text, updated_at AS "updatedAt"`;

/** What language models are told, as `prompt_templates` has it; kept until somebody changes it. */
export function createPromptList(pool: Pool, { redis, metrics, logger }: Parts): PromptList {
  const ttlMs = timeToLive('promptTemplates', redis);
  const cache = createCache<string>({ name: 'prompt_templates', ttlMs, redis, logger, registry: metrics.registry });
  const keyOf = (task: Task): string => `prompt_template:${task}`;

  async function find(task: Task): Promise<string> {
    const { rows } = await pool.query<Prompt>('SELECT text FROM prompt_templates WHERE task = $1', [task]);
    const [prompt] = rows;
    if (prompt === undefined) throw new Error(`prompt_templates has no row for ${task}`);
    return prompt.text;
  }

  return {
    async all() {
      return (await pool.query<Prompt>(`SELECT ${COLUMNS} FROM prompt_templates ORDER BY task`)).rows;
    },
    of: (task) => cache.cached(keyOf(task), () => find(task)),
    async update(task, text) {
      const { rows } = await pool.query<Prompt>(
        `UPDATE prompt_templates SET text = $2, updated_at = now() WHERE task = $1 RETURNING ${COLUMNS}`,
        [task, text],
      );
      await cache.delete(keyOf(task));
      return rows[0];
    },
  };
}
