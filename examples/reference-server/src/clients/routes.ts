import { Router } from 'express';
import { methodNotAllowed, principalOf } from 'express-runbook';
import type { Pool } from 'pg';
import type { Audit } from '../audit/audit.js';
import type { Callers } from '../auth/callers.js';
import { pageSchema } from '../pagination.js';
import { body, query } from '../validation.js';
import { insistOnClient } from './insist-on-client.js';
import { createClient, findClients } from './queries.js';
import { clientParams, newClientSchema } from './schemas.js';

export function clientRoutes(pool: Pool, { anyCaller, peopleOnly }: Callers, { reads, changes }: Audit): Router {
  const router = Router();

  router.get('/', anyCaller, async (req, res) => {
    const page = query(pageSchema, req);
    const own = principalOf(req).clientId;
    res.json(await reads.run({ action: 'client.list' }, () => findClients(pool, own, page)));
  });

  router.post('/', peopleOnly, async (req, res) => {
    const { name } = body(newClientSchema, req);
    res.status(201).json(await changes.run({ action: 'client.create' }, () => createClient(pool, name)));
  });

  router.get('/:clientId', anyCaller, async (req, res) => {
    const { clientId } = clientParams.parse(req.params);
    const target = { type: 'client', id: clientId };
    res.json(await reads.run({ action: 'client.read', target }, () => insistOnClient(pool, req, clientId)));
  });

  router.all('/', methodNotAllowed('GET', 'POST'));
  router.all('/:clientId', methodNotAllowed('GET'));

  return router;
}
