import { Router, type Request, type RequestHandler } from 'express';
import { extendContext, methodNotAllowed, NotFoundError, principalOf } from 'express-runbook';
import type { Pool } from 'pg';
import type { Callers } from '../auth/callers.js';
import { body } from '../validation.js';
import type { Task } from './models.js';
import type { Operations } from './operations.js';
import { searchSchema, textSchema } from './schemas.js';

/** What calls the language model and the vector index. */
export function languageRoutes(pool: Pool, { anyCaller }: Callers, operations: Operations): Router {
  const router = Router();

  const completing = (task: Task): RequestHandler =>
    async function completingHandler(req, res) {
      const { clientId, text } = body(textSchema, req);
      await insistOnClient(pool, req, clientId);
      res.json({ result: await operations.complete(clientId, task, text) });
    };

  router.post('/analysis', anyCaller, completing('analysis'));
  router.post('/refactor', anyCaller, completing('refactor'));

  router.post('/search', anyCaller, async (req, res) => {
    const { clientId, text, limit } = body(searchSchema, req);
    await insistOnClient(pool, req, clientId);
    res.json({ matches: await operations.search(clientId, text, limit) });
  });

  router.all(['/analysis', '/refactor', '/search'], methodNotAllowed('POST'));
  return router;
}

/** Before anything that costs money: it is there, and a key acts for no client but its own. From here on the lines of the request name the client. */
async function insistOnClient(pool: Pool, req: Request, clientId: string): Promise<void> {
  const { clientId: own = clientId } = principalOf(req);
  if (own !== clientId) throw new NotFoundError('Client');
  const { rowCount } = await pool.query('SELECT FROM clients WHERE id = $1', [clientId]);
  if (rowCount === 0) throw new NotFoundError('Client');
  extendContext({ clientId });
}
