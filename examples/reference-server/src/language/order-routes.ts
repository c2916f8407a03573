import { Router, type Response } from 'express';
import { methodNotAllowed } from 'express-runbook';
import { nextRun, type CreateJobOptions } from 'express-runbook/jobs';
import type { Pool } from 'pg';
import type { Callers } from '../auth/callers.js';
import { codebookOf } from '../codebooks/codebook-of.js';
import type { ServiceJobs } from '../jobs/service-jobs.js';
import { shown } from '../jobs/shown-job.js';
import { body } from '../validation.js';
import { UNAVAILABLE } from './language-model.js';
import type { Operations } from './operations.js';
import type { Outage } from './outage.js';
import { orderSchema, searchOrderSchema } from './schemas.js';

export interface OrderParts {
  readonly jobs: ServiceJobs;
  readonly operations: Operations;
  /** What the paths of jobs begin with. */
  readonly jobsPath: string;
}

const CODEBOOK = '/:clientId/codebooks/:codebookId';
const TASKS = { refactor: 'refactor', analysis: 'codebook_analysis', recommendations: 'recommendations' } as const;
/** Two in the morning, UTC. */
const NIGHT = '0 2 * * *';

/** What takes a language model longer than a request may: taken as jobs, also while the model is away. */
export function orderRoutes(pool: Pool, { anyCaller }: Callers, { jobs, operations, jobsPath }: OrderParts): Router {
  const router = Router();
  const { model, finding } = operations;

  for (const [name, type] of Object.entries(TASKS)) {
    router.post(`${CODEBOOK}/${name}`, anyCaller, async function orderHandler(req, res) {
      const [codebook, order] = [await codebookOf(pool, req), body(orderSchema, req)];
      const { clientId, id: codebookId } = codebook;
      const id = await jobs.create(type, { clientId, codebookId }, { clientId, ...timed(order) });
      await accept(res, id, model);
    });
  }

  router.post(`${CODEBOOK}/search`, anyCaller, async (req, res) => {
    const [codebook, { text, limit, ...order }] = [await codebookOf(pool, req), body(searchOrderSchema, req)];
    const { clientId, id: codebookId } = codebook;
    const id = await jobs.create('search', { clientId, codebookId, text, limit }, { clientId, ...timed(order) });
    await accept(res, id, finding);
  });

  for (const name of [...Object.keys(TASKS), 'search']) router.all(`${CODEBOOK}/${name}`, methodNotAllowed('POST'));

  /** Who asks is told at once when it will take longer. */
  async function accept(res: Response, id: string, outage: Outage): Promise<void> {
    const job = shown(await jobs.find(id));
    const isAway = await outage.ask();
    const message = `${UNAVAILABLE}: the job is queued and begins when it is back`;
    res
      .status(202)
      .location(`${jobsPath}/${id}`)
      .json({ ...job, degraded: isAway, ...(isAway ? { message } : {}) });
  }

  return router;
}

function timed({ priority, when }: Pick<CreateJobOptions, 'priority'> & { when: 'now' | 'night' }): CreateJobOptions {
  return { priority, ...(when === 'night' ? { runAt: nextRun(NIGHT) } : {}) };
}
