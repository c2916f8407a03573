import { Router } from 'express';
import { methodNotAllowed, NotFoundError } from 'express-runbook';
import type { Audit } from '../audit/audit.js';
import type { Callers } from '../auth/callers.js';
import { body } from '../validation.js';
import type { PromptList } from './prompt-list.js';
import { promptChangeSchema, promptParams } from './schemas.js';

/** They are the house's, not a client's: no key reads or changes them. */
export function promptRoutes({ peopleOnly }: Callers, { reads, changes }: Audit, prompts: PromptList): Router {
  const router = Router();

  router.get('/', peopleOnly, async (_req, res) => {
    res.json({ data: await reads.run({ action: 'prompt_template.list' }, () => prompts.all()) });
  });

  router.put('/:task', peopleOnly, async (req, res) => {
    const { task } = promptParams.parse(req.params);
    const { text } = body(promptChangeSchema, req);
    const target = { type: 'prompt_template', id: task };
    const prompt = await changes.run({ action: 'prompt_template.update', target }, () => prompts.update(task, text));
    if (prompt === undefined) throw new NotFoundError('Prompt template');
    res.json(prompt);
  });

  router.all('/', methodNotAllowed('GET'));
  router.all('/:task', methodNotAllowed('PUT'));

  return router;
}
