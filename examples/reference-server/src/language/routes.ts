import { Router } from 'express';
import { methodNotAllowed } from 'express-runbook';
import type { Pool } from 'pg';
import type { Callers } from '../auth/callers.js';
import { insistOnClient } from '../clients/insist-on-client.js';
import { body } from '../validation.js';
import type { Operations } from './operations.js';
import { searchSchema, textSchema } from './schemas.js';

/** What is answered at once, or with 503 while the language model or the vector index is away. */
export function languageRoutes(pool: Pool, { anyCaller }: Callers, operations: Operations): Router {
  const router = Router();

  router.post('/analysis', anyCaller, async (req, res) => {
    const { clientId, text } = body(textSchema, req);
    await insistOnClient(pool, req, clientId);
    res.json({ result: await operations.complete(clientId, 'analysis', text) });
  });

  router.post('/search', anyCaller, async (req, res) => {
    const { clientId, text, limit } = body(searchSchema, req);
    await insistOnClient(pool, req, clientId);
    res.json({ matches: await operations.search({ clientId }, text, limit) });
  });

  router.all(['/analysis', '/search'], methodNotAllowed('POST'));
  return router;
}
