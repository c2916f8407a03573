import { Router } from 'express';
import { ConflictError, methodNotAllowed, NotFoundError } from 'express-runbook';
import type { Pool } from 'pg';
import type { Audit } from '../audit/audit.js';
import type { Callers } from '../auth/callers.js';
import { clientOf } from '../clients/insist-on-client.js';
import { body, idOf } from '../validation.js';
import { createRule, deleteRule } from './queries.js';
import type { RuleList } from './rule-list.js';
import { newRuleSchema } from './schemas.js';

export function ruleRoutes(pool: Pool, { anyCaller }: Callers, { reads, changes }: Audit, rules: RuleList): Router {
  const router = Router();

  router.get('/:clientId/rules', anyCaller, async (req, res) => {
    const clientId = await clientOf(pool, req);
    res.json({ data: await reads.run({ action: 'client_rule.list' }, () => rules.of(clientId)) });
  });

  router.post('/:clientId/rules', anyCaller, async (req, res) => {
    const clientId = await clientOf(pool, req);
    const { text } = body(newRuleSchema, req);
    const rule = await changes.run({ action: 'client_rule.create' }, async () => {
      const created = await createRule(pool, clientId, text);
      if (created === undefined) throw new ConflictError('The client has as many rules as there may be');
      return created;
    });
    await rules.changed(clientId);
    res.status(201).json(rule);
  });

  router.delete('/:clientId/rules/:id', anyCaller, async (req, res) => {
    const [clientId, id] = [await clientOf(pool, req), idOf(req)];
    await changes.run({ action: 'client_rule.delete', target: { type: 'client_rule', id } }, async () => {
      if (!(await deleteRule(pool, clientId, id))) throw new NotFoundError('Rule');
    });
    await rules.changed(clientId);
    res.status(204).end();
  });

  router.all('/:clientId/rules', methodNotAllowed('GET', 'POST'));
  router.all('/:clientId/rules/:id', methodNotAllowed('DELETE'));

  return router;
}
