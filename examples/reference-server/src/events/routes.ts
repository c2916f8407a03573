import { Router } from 'express';
import { getContext, methodNotAllowed, NotFoundError } from 'express-runbook';
import type { Pool } from 'pg';
import type { Audit } from '../audit/audit.js';
import { userIdOf, type Callers } from '../auth/callers.js';
import { body, idOf, query } from '../validation.js';
import { createEvent, findEvent } from './queries.js';
import { eventPageSchema, newEventSchema } from './schemas.js';
import type { ServiceEvents } from './service-events.js';

export function eventRoutes(pool: Pool, { anyCaller }: Callers, audit: Audit, events: ServiceEvents): Router {
  const router = Router();

  router.get('/', anyCaller, async (req, res) => {
    const page = query(eventPageSchema, req);
    res.json(await audit.reads.run({ action: 'event.list' }, () => events.list.page(userIdOf(req), page)));
  });

  router.post('/', anyCaller, async (req, res) => {
    const [userId, event] = [userIdOf(req), body(newEventSchema, req)];
    const created = await audit.changes.run({ action: 'event.create' }, () =>
      createEvent(pool, { ...getContext(), userId }, event),
    );
    await events.list.changed(userId);
    events.wake();
    res.status(201).json(created);
  });

  router.get('/:id', anyCaller, async (req, res) => {
    const id = idOf(req);
    const target = { type: 'event', id };
    const event = await audit.reads.run({ action: 'event.read', target }, () => findEvent(pool, userIdOf(req), id));
    if (event === undefined) throw new NotFoundError('Event');
    res.json(event);
  });

  router.all('/', methodNotAllowed('GET', 'POST'));
  router.all('/:id', methodNotAllowed('GET'));

  return router;
}
