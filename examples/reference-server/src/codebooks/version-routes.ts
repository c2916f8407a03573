import { Router } from 'express';
import { methodNotAllowed, NotFoundError } from 'express-runbook';
import type { Pool } from 'pg';
import type { Audit } from '../audit/audit.js';
import type { Callers } from '../auth/callers.js';
import { pageSchema } from '../pagination.js';
import { body, query } from '../validation.js';
import type { ActiveVersions } from './active-versions.js';
import { codebookOf } from './codebook-of.js';
import { activationSchema, newVersionSchema } from './schemas.js';
import { activateVersion, createVersion, findVersions } from './versions.js';

const ALL = '/:clientId/codebooks/:codebookId/versions';
const ACTIVE = '/:clientId/codebooks/:codebookId/active-version';

export function versionRoutes(
  pool: Pool,
  { anyCaller }: Callers,
  { reads, changes }: Audit,
  active: ActiveVersions,
): Router {
  const router = Router();

  router.get(ALL, anyCaller, async (req, res) => {
    const [{ id }, page] = [await codebookOf(pool, req), query(pageSchema, req)];
    const target = { type: 'codebook', id };
    res.json(await reads.run({ action: 'codebook_version.list', target }, () => findVersions(pool, id, page)));
  });

  router.post(ALL, anyCaller, async (req, res) => {
    const [{ id }, { notes }] = [await codebookOf(pool, req), body(newVersionSchema, req)];
    const target = { type: 'codebook', id };
    const created = await changes.run({ action: 'codebook_version.create', target }, () =>
      createVersion(pool, id, { notes }),
    );
    res.status(201).json(found(created).version);
  });

  router.get(ACTIVE, anyCaller, async (req, res) => {
    const { id, clientId } = await codebookOf(pool, req);
    const target = { type: 'codebook', id };
    res.json(found(await reads.run({ action: 'codebook_version.read', target }, () => active.of(id, clientId))));
  });

  router.put(ACTIVE, anyCaller, async (req, res) => {
    const [{ id }, { version }] = [await codebookOf(pool, req), body(activationSchema, req)];
    const event = { action: 'codebook_version.activate', target: { type: 'codebook', id }, details: { version } };
    const activated = await changes.run(event, async () => found(await activateVersion(pool, id, version)));
    await active.changed(id);
    res.json(activated);
  });

  router.all(ALL, methodNotAllowed('GET', 'POST'));
  router.all(ACTIVE, methodNotAllowed('GET', 'PUT'));

  return router;
}

function found<Row>(row: Row | undefined): Row {
  if (row === undefined) throw new NotFoundError('Version');
  return row;
}
