import { Router, type Request } from 'express';
import { AppError, methodNotAllowed, NotFoundError, type AuditEvent } from 'express-runbook';
import type { Audit } from '../audit/audit.js';
import { userIdOf, type Callers } from '../auth/callers.js';
import { uploadNameSchema } from './schemas.js';
import type { UploadFolder } from './upload-folder.js';
import { EXTENSIONS } from './upload-names.js';

/** The body of the request is the file; its limit stands in front of these routes. */
export function uploadRoutes(uploads: UploadFolder, { anyCaller }: Callers, audit: Audit): Router {
  const router = Router();

  router.get('/', anyCaller, async (req, res) => {
    res.json({ data: await audit.reads.run({ action: 'upload.list' }, () => uploads.list(userIdOf(req))) });
  });

  router.post('/', anyCaller, async (req, res) => {
    const extension = extensionOf(req);
    const kept = await audit.changes.run({ action: 'upload.create' }, () =>
      uploads.keep(userIdOf(req), extension, req),
    );
    res.status(201).location(`${req.baseUrl}/${kept.name}`).json(kept);
  });

  router.get('/:name', anyCaller, async (req, res) => {
    const { name } = uploadNameSchema.parse(req.params);
    const path = await audit.reads.run(on('read', name), () => uploads.find(userIdOf(req), name));
    if (path === undefined) throw new NotFoundError('Upload');
    // Never shown as a page of this server, whatever is in it.
    res.set('Cache-Control', 'private, no-store').attachment(name);
    res.sendFile(path, { dotfiles: 'allow', cacheControl: false });
  });

  router.delete('/:name', anyCaller, async (req, res) => {
    const { name } = uploadNameSchema.parse(req.params);
    await audit.changes.run(on('delete', name), async () => {
      if (!(await uploads.remove(userIdOf(req), name))) throw new NotFoundError('Upload');
    });
    res.status(204).end();
  });

  router.all('/', methodNotAllowed('GET', 'POST'));
  router.all('/:name', methodNotAllowed('GET', 'DELETE'));

  return router;
}

function extensionOf(req: Request): string {
  const type = Object.keys(EXTENSIONS).find((one) => req.is(one));
  const extension = EXTENSIONS[type ?? ''];
  if (extension !== undefined) return extension;
  throw new AppError(415, `Content-Type must be one of ${Object.keys(EXTENSIONS).join(', ')}`);
}

function on(verb: string, name: string): AuditEvent {
  return { action: `upload.${verb}`, target: { type: 'upload', id: name } };
}
