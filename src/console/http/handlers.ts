import type { IncomingMessage, ServerResponse } from 'node:http';
import type { ExpressRequest, Middleware, Next } from '../../core/middleware.js';
import { markOpsEndpoint } from '../../core/ops-endpoint.js';
import { forbidden, unauthorized } from '../../core/refusal.js';
import { pathOf } from '../../core/route.js';
import type { Access } from '../access/access.js';
import { isFromPage } from '../access/same-origin.js';
import { filterIn } from '../lines/line-filter.js';
import type { ConsoleSnapshot } from '../wire/index.js';
import { refuseMethod, sendJson, sendNothing } from './answers.js';
import type { LogLevel } from './level.js';
import { sendPage } from './page.js';
import type { Pages } from './pages.js';

interface HandlerParts {
  readonly path: string;
  readonly access: Access;
  readonly guard: Middleware | undefined;
  readonly pages: Pages;
  readonly level: LogLevel | undefined;
  readonly snapshot: (req: IncomingMessage) => Promise<ConsoleSnapshot>;
}

type Handler = (req: IncomingMessage, res: ServerResponse, next: Next) => void;

/** By path below the page's own, then by method. */
type Handlers = Readonly<Partial<Record<string, Readonly<Partial<Record<string, Handler>>>>>>;

/** Answers the paths of the console; whatever else lies below them is the service's own. */
export function consoleHandler(parts: HandlerParts): Middleware {
  const { path, access, guard } = parts;
  const handlers = handlersOf(parts);
  // As Express has it, where a path is in any case.
  const prefix = path.toLowerCase();
  const isRoot = (below: string): boolean => below === '' || below === '/';

  return (req, res, next) => {
    const asked = pathOf(req.url ?? '');
    const below = asked.slice(path.length);
    const isBelow = asked.toLowerCase().startsWith(prefix);
    const byMethod = isBelow ? handlers[isRoot(below) ? '/' : below] : undefined;
    if (byMethod === undefined) {
      next();
      return;
    }
    markOpsEndpoint(req, 'console');
    const method = req.method === 'HEAD' ? 'GET' : (req.method ?? '');
    const handler = byMethod[method];
    const serve = (error?: unknown): void => {
      if (error !== undefined) next(error);
      else if (handler === undefined) refuseMethod(res, Object.keys(byMethod));
      else if (method !== 'GET' && !isFromPage(req)) next(forbidden('Only the page itself may ask for this'));
      else handler(req, res, next);
    };
    const refused = access.refusedBy(req);
    if (refused !== undefined) refuse(refused, isRoot(below) && method === 'GET', res, next);
    else if (guard === undefined) serve();
    else guard(req, res, serve);
  };
}

function refuse(status: 401 | 403, isPage: boolean, res: ServerResponse, next: Next): void {
  // What is kept from one caller must not be kept for another.
  res.setHeader('Cache-Control', 'no-store');
  if (status === 403) next(forbidden('Forbidden'));
  else if (isPage) sendPage(res, false).catch(next);
  else next(unauthorized('Unauthorized'));
}

function handlersOf({ access, pages, level, snapshot }: HandlerParts): Handlers {
  const page: Handler = (_req, res, next) => {
    sendPage(res, true).catch(next);
  };
  const facts: Handler = (req, res, next) => {
    snapshot(req)
      .then((value) => sendJson(res, 200, value))
      .catch(next);
  };
  const log: Handler = (req, res, next) => {
    const { searchParams } = new URL((req as ExpressRequest).url ?? '', 'http://unused');
    pages.openLog(filterIn(searchParams), res, next);
  };
  const signIn: Handler = (req, res) => {
    const cookie = access.signedIn(req);
    sendNothing(res, cookie === undefined ? {} : { 'Set-Cookie': cookie });
  };
  const signOut: Handler = (req, res) => {
    const cookie = access.signedOut(req);
    sendNothing(res, cookie === undefined ? {} : { 'Set-Cookie': cookie });
  };
  return {
    '/': { GET: page },
    '/snapshot': { GET: facts },
    '/events': { GET: pages.openEvents },
    '/log': { GET: log },
    '/session': { POST: signIn, DELETE: signOut },
    ...(level === undefined ? {} : { '/level': { POST: level.change, DELETE: level.restore } }),
  };
}
