import type { Middleware } from '../../core/middleware.js';
import { markOpsEndpoint } from '../../core/ops-endpoint.js';
import { exposition } from '../exposition/exposition.js';
import { CONTENT_TYPES, formatFor } from '../exposition/formats.js';
import { guardsOf } from './guards.js';
import type { MetricsRouterSettings } from './options.js';

/** What a request for the metrics goes through. */
export function scrapeHandlers(settings: MetricsRouterSettings): Middleware[] {
  return [markAsOps, ...guardsOf(settings), onlyReading, answer(settings)];
}

const markAsOps: Middleware = (req, _res, next) => {
  markOpsEndpoint(req, 'metrics');
  next();
};

const onlyReading: Middleware = (req, res, next) => {
  if (req.method === 'GET' || req.method === 'HEAD') {
    next();
    return;
  }
  // RFC 9110 section 15.5.6: a 405 names what is allowed.
  res.writeHead(405, { Allow: 'GET, HEAD', 'Cache-Control': 'no-store' }).end();
};

/** Not by `res.send`, which would hash the whole text into an ETag that no scraper asks for. */
function answer(settings: MetricsRouterSettings): Middleware {
  const render = exposition(settings.registry, settings);
  return (req, res, next) => {
    const format = formatFor(req.headers.accept);
    render(format).then((text) => {
      const headers = { 'Content-Type': CONTENT_TYPES[format], 'Content-Length': Buffer.byteLength(text) };
      res.writeHead(200, { ...headers, Vary: 'Accept', 'Cache-Control': 'no-store' }).end(text);
    }, next);
  };
}
