import type { ModelPrice } from 'express-runbook/services';

/** What a language model is asked to do; `prompt_templates` has what it is told. */
export type Task = 'analysis' | 'refactor' | 'recommendations';

interface TaskModel {
  readonly model: string;
  /** Of the answer: what a call can cost at most is known before it is made. */
  readonly maxTokens: number;
}

/** Refactoring costs most; what is simple has the small model. */
export const TASK_MODELS: Readonly<Record<Task, TaskModel>> = {
  refactor: { model: 'gpt-4o', maxTokens: 4000 },
  recommendations: { model: 'gpt-4o-mini', maxTokens: 2000 },
  analysis: { model: 'gpt-4o-mini', maxTokens: 1000 },
};

export const EMBEDDING_MODEL = 'text-embedding-3-small';

/** US dollars for a million tokens. */
export const PRICES: Readonly<Record<string, ModelPrice>> = {
  'gpt-4o': { promptUsd: 2.5, completionUsd: 10 },
  'gpt-4o-mini': { promptUsd: 0.15, completionUsd: 0.6 },
  [EMBEDDING_MODEL]: { promptUsd: 0.02, completionUsd: 0 },
};
