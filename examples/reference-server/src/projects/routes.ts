import { Router, type RequestHandler } from 'express';
import { methodNotAllowed, NotFoundError } from 'express-runbook';
import type { Pool } from 'pg';
import { userIdOf } from '../auth/authenticate.js';
import { body, idOf, query } from '../validation.js';
import type { ProjectList } from './project-list.js';
import { changeProject, createProject, deleteProject, findProject } from './queries.js';
import { newProjectSchema, projectChangeSchema, projectPageSchema } from './schemas.js';

export function projectRoutes(pool: Pool, guarded: RequestHandler, list: ProjectList): Router {
  const router = Router();

  router.get('/', guarded, async (req, res) => {
    res.json(await list.page(userIdOf(req), query(projectPageSchema, req)));
  });

  router.post('/', guarded, async (req, res) => {
    const project = await createProject(pool, userIdOf(req), body(newProjectSchema, req));
    await list.changed(userIdOf(req));
    res.status(201).json(project);
  });

  router.get('/:id', guarded, async (req, res) => {
    res.json(found(await findProject(pool, userIdOf(req), idOf(req))));
  });

  router.patch('/:id', guarded, async (req, res) => {
    const change = body(projectChangeSchema, req);
    const project = found(await changeProject(pool, userIdOf(req), idOf(req), change));
    await list.changed(userIdOf(req));
    res.json(project);
  });

  router.delete('/:id', guarded, async (req, res) => {
    if (!(await deleteProject(pool, userIdOf(req), idOf(req)))) throw new NotFoundError('Project');
    await list.changed(userIdOf(req));
    res.status(204).end();
  });

  router.all('/', methodNotAllowed('GET', 'POST'));
  router.all('/:id', methodNotAllowed('GET', 'PATCH', 'DELETE'));

  return router;
}

function found<Row>(row: Row | undefined): Row {
  if (row === undefined) throw new NotFoundError('Project');
  return row;
}
