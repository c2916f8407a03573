import type { IncomingMessage, ServerResponse } from 'node:http';
import express, { type Express } from 'express';
import type { Ops } from 'express-runbook';

/** What `next({ dev }).getRequestHandler()` gives, after `prepare()`. */
type RequestHandler = (req: IncomingMessage, res: ServerResponse) => Promise<void>;

/** Everything in front of Next.js: `createOps({ service, securityHeaders: false })`, then `ops.listen(appWith(ops, handle))`. */
export function appWith(ops: Ops, handle: RequestHandler): Express {
  const app = express();
  app.set('trust proxy', ops.config.trustProxy);
  app.use(ops.before);
  const pass: express.RequestHandler = (req, res, next) => {
    handle(req, res).catch(next);
  };
  // Routes that metrics shall tell apart; no body parser in front of them, Next.js reads bodies itself.
  app.all('/api/events', pass);
  app.all('/api/events/:id', pass);
  app.use(pass);
  app.use(ops.after);
  return app;
}
