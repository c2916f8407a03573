import { Router } from 'express';
import { methodNotAllowed, NotFoundError } from 'express-runbook';
import { SEVERITIES, type Alerts } from 'express-runbook/alerts';
import { body } from '../validation.js';
import { z } from '../zod.js';

const WEEK_SECONDS = 7 * 86_400;
const word = z.string().min(1).max(200);

const silenceSchema = z.strictObject({
  name: word.optional(),
  resource: word.optional(),
  severity: z.enum(SEVERITIES).optional(),
  reason: word,
  by: word.optional(),
  forSeconds: z.int().min(1).max(WEEK_SECONDS),
});

/** For whoever is on duty: what is on, and silences. */
export function alertRoutes(alerts: Alerts): Router {
  const router = Router();

  router.get('/', (_req, res) => {
    res.set('Cache-Control', 'no-store').json({ active: alerts.active(), silences: alerts.silences() });
  });

  router.post('/silences', async (req, res) => {
    const { forSeconds, ...request } = body(silenceSchema, req);
    res.status(201).json(await alerts.silence({ ...request, forMs: forSeconds * 1000 }));
  });

  router.delete('/silences/:id', async (req, res) => {
    if (!(await alerts.endSilence(req.params.id))) throw new NotFoundError('Silence');
    res.status(204).end();
  });

  router.all('/', methodNotAllowed('GET'));
  router.all('/silences', methodNotAllowed('POST'));
  router.all('/silences/:id', methodNotAllowed('DELETE'));
  return router;
}
