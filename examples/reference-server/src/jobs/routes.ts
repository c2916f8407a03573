import { Router } from 'express';
import { methodNotAllowed, NotFoundError } from 'express-runbook';
import type { JobState } from 'express-runbook/jobs';
import { userIdOf, type Callers } from '../auth/callers.js';
import { body } from '../validation.js';
import { jobIdSchema, newJobSchema } from './schemas.js';
import type { ServiceJobs } from './service-jobs.js';

/** What PostgreSQL says of a row that does not exist (https://www.postgresql.org/docs/current/errcodes-appendix.html). */
const FOREIGN_KEY_VIOLATION = '23503';

/** Work that takes longer than a request may: asked for here, done by a worker, looked after by its id. */
export function jobRoutes(jobs: ServiceJobs, { anyCaller }: Callers): Router {
  const router = Router();

  router.post('/', anyCaller, async (req, res) => {
    const { type, clientId, priority } = body(newJobSchema, req);
    const id = await jobs.create(type, { clientId }, { clientId, priority }).catch((error: unknown) => {
      throw isForeignKeyViolation(error) ? new NotFoundError('Client') : error;
    });
    res
      .status(202)
      .location(`${req.baseUrl}/${id}`)
      .json(shown(await jobs.find(id)));
  });

  router.get('/:id', anyCaller, async (req, res) => {
    const job = await jobs.find(jobIdSchema.parse(req.params).id);
    res.json(shown(job?.context.userId === userIdOf(req) ? job : undefined));
  });

  router.all('/', methodNotAllowed('POST'));
  router.all('/:id', methodNotAllowed('GET'));

  return router;
}

/** Of others' jobs not even that they are there. */
function shown(job: JobState | undefined): Omit<JobState, 'context' | 'runAt'> {
  if (job === undefined) throw new NotFoundError('Job');
  const { id, type, status, attempts, priority, result, error, createdAt, startedAt, completedAt } = job;
  return { id, type, status, attempts, priority, result, error, createdAt, startedAt, completedAt };
}

function isForeignKeyViolation(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === FOREIGN_KEY_VIOLATION;
}
