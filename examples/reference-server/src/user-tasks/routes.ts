import { Router } from 'express';
import { methodNotAllowed, NotFoundError, type AuditEvent, type Metrics } from 'express-runbook';
import type { Pool } from 'pg';
import type { Audit } from '../audit/audit.js';
import { userIdOf, type Callers } from '../auth/callers.js';
import { body, idOf, query } from '../validation.js';
import { completeTask, createTask, findTask, findTasks, type Task } from './queries.js';
import { newTaskSchema, taskPageSchema } from './schemas.js';

export function taskRoutes(pool: Pool, { anyCaller }: Callers, audit: Audit, metrics: Metrics): Router {
  const router = Router();
  const created = metrics.counter({ name: 'tasks_created_total', help: 'Tasks that were created.' });
  const completed = metrics.counter({ name: 'tasks_completed_total', help: 'Tasks that were completed.' });

  router.get('/', anyCaller, async (req, res) => {
    const page = query(taskPageSchema, req);
    res.json(await audit.reads.run({ action: 'task.list' }, () => findTasks(pool, userIdOf(req), page)));
  });

  router.post('/', anyCaller, async (req, res) => {
    const task = body(newTaskSchema, req);
    const made = await audit.changes.run({ action: 'task.create' }, () => createTask(pool, userIdOf(req), task));
    created.inc();
    res.status(201).json(made);
  });

  router.get('/:id', anyCaller, async (req, res) => {
    const id = idOf(req);
    res.json(found(await audit.reads.run(on('read', id), () => findTask(pool, userIdOf(req), id))));
  });

  router.post('/:id/complete', anyCaller, async (req, res) => {
    const id = idOf(req);
    const task = await audit.changes.run(on('complete', id), async () => {
      const done = await completeTask(pool, userIdOf(req), id);
      if (done !== undefined) completed.inc();
      // Completing it again changes nothing and is no mistake: an answer may have been lost.
      return done ?? found(await findTask(pool, userIdOf(req), id));
    });
    res.json(task);
  });

  router.all('/', methodNotAllowed('GET', 'POST'));
  router.all('/:id', methodNotAllowed('GET'));
  router.all('/:id/complete', methodNotAllowed('POST'));

  return router;
}

function on(verb: string, id: string): AuditEvent {
  return { action: `task.${verb}`, target: { type: 'task', id } };
}

function found(task: Task | undefined): Task {
  if (task === undefined) throw new NotFoundError('Task');
  return task;
}
