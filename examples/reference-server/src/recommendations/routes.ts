import { Router } from 'express';
import { ConflictError, methodNotAllowed, NotFoundError } from 'express-runbook';
import type { Pool } from 'pg';
import type { Audit } from '../audit/audit.js';
import type { Callers } from '../auth/callers.js';
import type { BusinessMetrics } from '../business-metrics.js';
import { clientOf } from '../clients/insist-on-client.js';
import { body, idOf, query } from '../validation.js';
import { decide, findRecommendations } from './queries.js';
import { decisionSchema, recommendationPageSchema } from './schemas.js';

export function recommendationRoutes(
  pool: Pool,
  { anyCaller }: Callers,
  { reads, changes }: Audit,
  business: BusinessMetrics,
): Router {
  const router = Router();

  router.get('/:clientId/recommendations', anyCaller, async (req, res) => {
    const [clientId, page] = [await clientOf(pool, req), query(recommendationPageSchema, req)];
    res.json(await reads.run({ action: 'recommendation.list' }, () => findRecommendations(pool, clientId, page)));
  });

  router.patch('/:clientId/recommendations/:id', anyCaller, async (req, res) => {
    const [clientId, id, { status }] = [await clientOf(pool, req), idOf(req), body(decisionSchema, req)];
    const event = { action: 'recommendation.decide', target: { type: 'recommendation', id }, details: { status } };
    const { recommendation, isNew } = await changes.run(event, async () => {
      const decided = await decide(pool, clientId, id, status);
      if (decided === undefined) throw new NotFoundError('Recommendation');
      // The same again changes nothing.
      if (decided.recommendation.status !== status) throw new ConflictError('The recommendation is decided');
      return decided;
    });
    if (isNew && status === 'accepted') business.recommendationAccepted();
    res.json(recommendation);
  });

  router.all('/:clientId/recommendations', methodNotAllowed('GET'));
  router.all('/:clientId/recommendations/:id', methodNotAllowed('PATCH'));

  return router;
}
