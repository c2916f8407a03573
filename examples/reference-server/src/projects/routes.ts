import { Router } from 'express';
import { methodNotAllowed, NotFoundError, type AuditEvent } from 'express-runbook';
import type { Pool } from 'pg';
import type { Audit } from '../audit/audit.js';
import { userIdOf, type Callers } from '../auth/callers.js';
import { body, idOf, query } from '../validation.js';
import type { ProjectList } from './project-list.js';
import { changeProject, createProject, deleteProject, findProject } from './queries.js';
import { newProjectSchema, projectChangeSchema, projectPageSchema } from './schemas.js';

export function projectRoutes(pool: Pool, { anyCaller }: Callers, audit: Audit, list: ProjectList): Router {
  const router = Router();

  router.get('/', anyCaller, async (req, res) => {
    const page = query(projectPageSchema, req);
    res.json(await audit.reads.run({ action: 'project.list' }, () => list.page(userIdOf(req), page)));
  });

  router.post('/', anyCaller, async (req, res) => {
    const project = body(newProjectSchema, req);
    const created = await audit.changes.run({ action: 'project.create' }, () =>
      createProject(pool, userIdOf(req), project),
    );
    await list.changed(userIdOf(req));
    res.status(201).json(created);
  });

  router.get('/:id', anyCaller, async (req, res) => {
    const id = idOf(req);
    res.json(found(await audit.reads.run(on('read', id), () => findProject(pool, userIdOf(req), id))));
  });

  router.patch('/:id', anyCaller, async (req, res) => {
    const [id, change] = [idOf(req), body(projectChangeSchema, req)];
    const project = await audit.changes.run(on('update', id), async () =>
      found(await changeProject(pool, userIdOf(req), id, change)),
    );
    await list.changed(userIdOf(req));
    res.json(project);
  });

  router.delete('/:id', anyCaller, async (req, res) => {
    const id = idOf(req);
    await audit.changes.run(on('delete', id), async () => {
      if (!(await deleteProject(pool, userIdOf(req), id))) throw new NotFoundError('Project');
    });
    await list.changed(userIdOf(req));
    res.status(204).end();
  });

  router.all('/', methodNotAllowed('GET', 'POST'));
  router.all('/:id', methodNotAllowed('GET', 'PATCH', 'DELETE'));

  return router;
}

function on(verb: string, id: string): AuditEvent {
  return { action: `project.${verb}`, target: { type: 'project', id } };
}

function found<Row>(row: Row | undefined): Row {
  if (row === undefined) throw new NotFoundError('Project');
  return row;
}
