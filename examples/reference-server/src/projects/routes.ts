import { Router, type RequestHandler } from 'express';
import { NotFoundError } from 'express-runbook';
import type { Pool } from 'pg';
import { userIdOf } from '../auth/authenticate.js';
import { body, idOf, query } from '../validation.js';
import { changeProject, createProject, deleteProject, findProject, findProjects } from './queries.js';
import { newProjectSchema, projectChangeSchema, projectPageSchema } from './schemas.js';

export function projectRoutes(pool: Pool, guarded: RequestHandler): Router {
  const router = Router();

  router.get('/', guarded, async (req, res) => {
    res.json(await findProjects(pool, userIdOf(req), query(projectPageSchema, req)));
  });

  router.post('/', guarded, async (req, res) => {
    res.status(201).json(await createProject(pool, userIdOf(req), body(newProjectSchema, req)));
  });

  router.get('/:id', guarded, async (req, res) => {
    res.json(found(await findProject(pool, userIdOf(req), idOf(req))));
  });

  router.patch('/:id', guarded, async (req, res) => {
    const change = body(projectChangeSchema, req);
    res.json(found(await changeProject(pool, userIdOf(req), idOf(req), change)));
  });

  router.delete('/:id', guarded, async (req, res) => {
    if (!(await deleteProject(pool, userIdOf(req), idOf(req)))) throw new NotFoundError('Project');
    res.status(204).end();
  });

  return router;
}

function found<Row>(row: Row | undefined): Row {
  if (row === undefined) throw new NotFoundError('Project');
  return row;
}
