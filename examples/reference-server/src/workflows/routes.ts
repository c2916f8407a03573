import { Router } from 'express';
import { methodNotAllowed } from 'express-runbook';
import type { Audit } from '../audit/audit.js';
import type { Callers } from '../auth/callers.js';
import type { Catalogue } from './queries.js';

/**
 * All of them, as a list: templates, or workflows. Whoever runs the service writes them, by migrations and seeds: they work on the events of
 * every user, and no user of this service may do that to others.
 */
export function catalogueRoutes(
  kind: string,
  catalogue: Catalogue<unknown>,
  { anyCaller }: Callers,
  { reads }: Audit,
): Router {
  const router = Router();
  router.get('/', anyCaller, async (_req, res) => {
    res.json(await reads.run({ action: `${kind}.list` }, () => catalogue.getAll()));
  });
  router.all('/', methodNotAllowed('GET'));
  return router;
}
