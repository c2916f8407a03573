import type { Ops, RedisCommands } from 'express-runbook';
import type { Pool } from 'pg';
import { businessMetrics, type BusinessMetrics } from './business-metrics.js';
import { createServiceJobs, type ServiceJobs } from './jobs/service-jobs.js';
import { createOperations, type Operations } from './language/operations.js';
import { createPromptList, type PromptList } from './prompts/prompt-list.js';
import { createRuleList, type RuleList } from './rules/rule-list.js';
import type { Settings } from './settings.js';

/** What requests ask for and jobs do, in the service as in a worker. */
export interface Work {
  readonly jobs: ServiceJobs;
  /** Nothing without a language model in the configuration. */
  readonly operations: Operations | undefined;
  readonly prompts: PromptList;
  readonly rules: RuleList;
  readonly business: BusinessMetrics;
}

interface WorkParts {
  readonly ops: Ops;
  readonly pool: Pool;
  readonly redis: RedisCommands | undefined;
}

export function createWork(settings: Settings, { ops, pool, redis }: WorkParts): Work {
  const { logger, metrics } = ops;
  const prompts = createPromptList(pool, { redis, logger, metrics });
  const rules = createRuleList(pool, { redis, logger, metrics });
  const business = businessMetrics(ops);
  // Before the jobs: the hooks of a shutdown run in reverse order, and jobs call until they are drained.
  const operations = createOperations({ ops, pool, redis, prompts });
  const jobs = createServiceJobs(settings, ops, { pool, operations, rules, business });
  return { jobs, operations, prompts, rules, business };
}
