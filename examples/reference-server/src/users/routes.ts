import { Router, type RequestHandler } from 'express';
import { methodNotAllowed, NotFoundError } from 'express-runbook';
import type { Pool } from 'pg';
import { pageSchema } from '../pagination.js';
import { idOf, query } from '../validation.js';
import { findUser, findUsers } from './queries.js';

export function userRoutes(pool: Pool, guarded: RequestHandler): Router {
  const router = Router();

  router.get('/', guarded, async (req, res) => {
    res.json(await findUsers(pool, query(pageSchema, req)));
  });

  router.get('/:id', guarded, async (req, res) => {
    const user = await findUser(pool, idOf(req));
    if (user === undefined) throw new NotFoundError('User');
    res.json(user);
  });

  router.all('/', methodNotAllowed('GET'));
  router.all('/:id', methodNotAllowed('GET'));

  return router;
}
