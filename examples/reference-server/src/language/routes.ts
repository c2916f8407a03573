import { Router, type RequestHandler } from 'express';
import { extendContext, methodNotAllowed, NotFoundError } from 'express-runbook';
import type { Pool } from 'pg';
import { body } from '../validation.js';
import type { Task } from './models.js';
import type { Operations } from './operations.js';
import { searchSchema, textSchema } from './schemas.js';

/** What calls the language model and the vector index. */
export function languageRoutes(pool: Pool, guarded: RequestHandler, operations: Operations): Router {
  const router = Router();

  const completing = (task: Task): RequestHandler =>
    async function completingHandler(req, res) {
      const { clientId, text } = body(textSchema, req);
      await insistOnClient(pool, clientId);
      res.json({ result: await operations.complete(clientId, task, text) });
    };

  router.post('/analysis', guarded, completing('analysis'));
  router.post('/refactor', guarded, completing('refactor'));

  router.post('/search', guarded, async (req, res) => {
    const { clientId, text, limit } = body(searchSchema, req);
    await insistOnClient(pool, clientId);
    res.json({ matches: await operations.search(clientId, text, limit) });
  });

  router.all(['/analysis', '/refactor', '/search'], methodNotAllowed('POST'));
  return router;
}

/** Before anything that costs money; from here on the lines of the request name the client. */
async function insistOnClient(pool: Pool, clientId: string): Promise<void> {
  const { rowCount } = await pool.query('SELECT FROM clients WHERE id = $1', [clientId]);
  if (rowCount === 0) throw new NotFoundError('Client');
  extendContext({ clientId });
}
