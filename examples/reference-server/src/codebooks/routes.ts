import { Router } from 'express';
import { methodNotAllowed, type Logger } from 'express-runbook';
import type { Pool } from 'pg';
import type { Audit } from '../audit/audit.js';
import type { Callers } from '../auth/callers.js';
import type { BusinessMetrics } from '../business-metrics.js';
import { clientOf } from '../clients/insist-on-client.js';
import { pageSchema } from '../pagination.js';
import { body, query } from '../validation.js';
import { codebookOf } from './codebook-of.js';
import { createCodebook, findCodebooks } from './queries.js';
import { newCodebookSchema } from './schemas.js';

interface CodebookParts {
  readonly audit: Audit;
  readonly business: BusinessMetrics;
  readonly logger: Logger;
}

export function codebookRoutes(
  pool: Pool,
  { anyCaller }: Callers,
  { audit: { reads, changes }, business, logger }: CodebookParts,
): Router {
  const router = Router();

  router.get('/:clientId/codebooks', anyCaller, async (req, res) => {
    const [clientId, page] = [await clientOf(pool, req), query(pageSchema, req)];
    res.json(await reads.run({ action: 'codebook.list' }, () => findCodebooks(pool, clientId, page)));
  });

  router.post('/:clientId/codebooks', anyCaller, async (req, res) => {
    const [clientId, { name }] = [await clientOf(pool, req), body(newCodebookSchema, req)];
    const codebook = await changes.run({ action: 'codebook.create' }, () => createCodebook(pool, clientId, name));
    business.codebookCreated();
    logger.info({ codebookId: codebook.id }, 'Codebook created successfully');
    res.status(201).location(`${req.baseUrl}/${clientId}/codebooks/${codebook.id}`).json(codebook);
  });

  router.get('/:clientId/codebooks/:codebookId', anyCaller, async (req, res) => {
    const codebook = await codebookOf(pool, req);
    const target = { type: 'codebook', id: codebook.id };
    res.json(await reads.run({ action: 'codebook.read', target }, () => Promise.resolve(codebook)));
  });

  router.all('/:clientId/codebooks', methodNotAllowed('GET', 'POST'));
  router.all('/:clientId/codebooks/:codebookId', methodNotAllowed('GET'));

  return router;
}
