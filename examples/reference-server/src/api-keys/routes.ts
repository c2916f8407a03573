import { Router } from 'express';
import { methodNotAllowed, NotFoundError, type Logger } from 'express-runbook';
import type { Pool } from 'pg';
import type { Audit } from '../audit/audit.js';
import { userIdOf, type Callers } from '../auth/callers.js';
import { createClient } from '../clients/queries.js';
import { pageSchema } from '../pagination.js';
import { body, idOf, query } from '../validation.js';
import { findApiKey, findApiKeys, isClientOf, revokeApiKey } from './queries.js';
import { newApiKeySchema } from './schemas.js';

export function apiKeyRoutes(pool: Pool, { apiKeys, peopleOnly }: Callers, audit: Audit, logger: Logger): Router {
  const router = Router();

  router.get('/', peopleOnly, async (req, res) => {
    const [userId, page] = [userIdOf(req), query(pageSchema, req)];
    res.json(await audit.reads.run({ action: 'api_key.list' }, () => findApiKeys(pool, userId, page)));
  });

  router.post('/', peopleOnly, async (req, res) => {
    const userId = userIdOf(req);
    const { name, clientId, expiresAt } = body(newApiKeySchema, req);
    if (clientId !== undefined && !(await isClientOf(pool, userId, clientId))) throw new NotFoundError('Client');
    const { key, record } = await audit.changes.run({ action: 'api_key.create', details: { name } }, async () => {
      const client = clientId ?? (await createClient(pool, name)).id;
      return apiKeys.create({ userId, clientId: client }, { name, expiresAt });
    });
    logger.info({ apiKey: `${record.prefix}...`, client: record.principal.clientId }, 'API key created');
    // The only time that anybody sees it.
    res.status(201).set('Cache-Control', 'no-store');
    res.json({ ...(await findApiKey(pool, record.digest)), key });
  });

  router.delete('/:id', peopleOnly, async (req, res) => {
    const id = idOf(req);
    await audit.changes.run({ action: 'api_key.revoke', target: { type: 'api_key', id } }, async () => {
      if (!(await revokeApiKey(pool, userIdOf(req), id))) throw new NotFoundError('API key');
    });
    res.status(204).end();
  });

  router.all('/', methodNotAllowed('GET', 'POST'));
  router.all('/:id', methodNotAllowed('DELETE'));

  return router;
}
