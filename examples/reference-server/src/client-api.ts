import { Router } from 'express';
import type { Ops, RedisCommands } from 'express-runbook';
import type { Pool } from 'pg';
import type { Audit } from './audit/audit.js';
import type { Callers } from './auth/callers.js';
import { clientRoutes } from './clients/routes.js';
import { createActiveVersions } from './codebooks/active-versions.js';
import { itemRoutes } from './codebooks/item-routes.js';
import type { Codebook } from './codebooks/queries.js';
import { codebookRoutes } from './codebooks/routes.js';
import { versionRoutes } from './codebooks/version-routes.js';
import { divisionRoutes } from './divisions/routes.js';
import { orderRoutes } from './language/order-routes.js';
import { languageRoutes } from './language/routes.js';
import { promptRoutes } from './prompts/routes.js';
import { recommendationRoutes } from './recommendations/routes.js';
import { ruleRoutes } from './rules/routes.js';
import type { Work } from './work.js';

export interface ClientApiParts {
  readonly ops: Ops;
  readonly pool: Pool;
  readonly redis: RedisCommands | undefined;
  readonly work: Work;
  readonly audit: Audit;
  readonly callers: Callers;
  readonly apiPath: string;
}

/** Clients and what they keep here: codebooks, rules, recommendations, and what a language model does with them. */
export function clientApi({ ops, pool, redis, work, audit, callers, apiPath }: ClientApiParts): Router {
  const { logger, metrics } = ops;
  const { business, operations, prompts, rules, jobs } = work;
  const router = Router();
  router.use('/csi-divisions', divisionRoutes(pool, callers, { redis, logger, metrics }));
  router.use('/prompt-templates', promptRoutes(callers, audit, prompts));
  router.use('/clients', [
    clientRoutes(pool, callers, audit),
    ruleRoutes(pool, callers, audit, rules),
    codebookRoutes(pool, callers, { audit, business, logger }),
    versionRoutes(pool, callers, audit, createActiveVersions(pool, { redis, logger, metrics })),
    itemRoutes(pool, callers, { audit, business, onUploaded: indexing(work, ops) }),
    recommendationRoutes(pool, callers, audit, business),
  ]);
  if (operations !== undefined) {
    router.use('/clients', orderRoutes(pool, callers, { jobs, operations, jobsPath: `${apiPath}/jobs` }));
    router.use(languageRoutes(pool, callers, operations));
  }
  return router;
}

/** Has items found by search a moment later. The upload is done by then, so a failure is for the log and not for who uploaded. */
function indexing({ jobs, operations }: Work, { logger }: Ops) {
  return async ({ id: codebookId, clientId }: Codebook, ids: readonly string[]): Promise<void> => {
    if (operations === undefined) return;
    try {
      await jobs.create('index_items', { clientId, codebookId, ids }, { clientId, priority: 'low' });
    } catch (error) {
      logger.error({ error, codebookId, items: ids.length }, 'Items were uploaded, and search will not find them');
    }
  };
}
