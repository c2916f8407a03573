import { Router } from 'express';
import { methodNotAllowed, NotFoundError } from 'express-runbook';
import type { Pool } from 'pg';
import type { Audit } from '../audit/audit.js';
import type { Callers } from '../auth/callers.js';
import { pageSchema } from '../pagination.js';
import { idOf, query } from '../validation.js';
import { findUser, findUsers } from './queries.js';

export function userRoutes(pool: Pool, { anyCaller }: Callers, { reads }: Audit): Router {
  const router = Router();

  router.get('/', anyCaller, async (req, res) => {
    const page = query(pageSchema, req);
    res.json(await reads.run({ action: 'user.list' }, () => findUsers(pool, page)));
  });

  router.get('/:id', anyCaller, async (req, res) => {
    const id = idOf(req);
    const user = await reads.run({ action: 'user.read', target: { type: 'user', id } }, () => findUser(pool, id));
    if (user === undefined) throw new NotFoundError('User');
    res.json(user);
  });

  router.all('/', methodNotAllowed('GET'));
  router.all('/:id', methodNotAllowed('GET'));

  return router;
}
