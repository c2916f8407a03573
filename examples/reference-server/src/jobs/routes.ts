import { Router, type Request } from 'express';
import { methodNotAllowed, principalOf } from 'express-runbook';
import type { JobState } from 'express-runbook/jobs';
import type { Pool } from 'pg';
import { userIdOf, type Callers } from '../auth/callers.js';
import { insistOnClient } from '../clients/insist-on-client.js';
import { body } from '../validation.js';
import { jobIdSchema, newJobSchema } from './schemas.js';
import type { ServiceJobs } from './service-jobs.js';
import { shown } from './shown-job.js';

/** Work that takes longer than a request may: asked for here, done by a worker, looked after by its id. */
export function jobRoutes(pool: Pool, jobs: ServiceJobs, { anyCaller }: Callers): Router {
  const router = Router();

  router.post('/', anyCaller, async (req, res) => {
    const { type, clientId, priority } = body(newJobSchema, req);
    await insistOnClient(pool, req, clientId);
    const id = await jobs.create(type, { clientId }, { clientId, priority });
    res
      .status(202)
      .location(`${req.baseUrl}/${id}`)
      .json(shown(await jobs.find(id)));
  });

  router.get('/:id', anyCaller, async (req, res) => {
    const job = await jobs.find(jobIdSchema.parse(req.params).id);
    res.json(shown(job !== undefined && isOf(job, req) ? job : undefined));
  });

  router.all('/', methodNotAllowed('POST'));
  router.all('/:id', methodNotAllowed('GET'));

  return router;
}

/** A key sees what its user asked for, for its own client. */
function isOf({ context }: JobState, req: Request): boolean {
  const { clientId = context.clientId } = principalOf(req);
  return context.userId === userIdOf(req) && context.clientId === clientId;
}
