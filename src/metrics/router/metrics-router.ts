import { Router } from 'express';
import type { Middleware } from '../../core/middleware.js';
import { markOpsEndpoint } from '../../core/ops-endpoint.js';
import { startsLikeOneOf } from '../../core/plain-paths.js';
import { exposition } from '../registry/exposition.js';
import { resolveMetricsRouterOptions, type MetricsRouterOptions } from './options.js';

/**
 * An Express router that answers GET and HEAD of `/metrics` with everything on the registry as Prometheus text. Stands
 * before rate limiter and authentication. Scrapes at the same time share one run, and a metric whose collector throws or
 * hangs is missing from the answer, which is still 200; `metrics_collector_errors_total` counts it.
 *
 * @example
 * app.use(createMetricsRouter({ registry: metrics.registry }));
 */
export function createMetricsRouter(options: MetricsRouterOptions): Middleware {
  const settings = resolveMetricsRouterOptions(options);
  const { registry, path, guard } = settings;
  const handlers = [
    markAsOps,
    ...(guard === undefined ? [] : [guard]),
    onlyReading,
    answer(exposition(registry, settings), registry.contentType),
  ];
  const router = Router();
  router.all(path, ...handlers);
  // An Express router takes any request and response of node:http; its types ask for what Express adds to them.
  const middleware = router as unknown as Middleware;
  const mayBeScrape = startsLikeOneOf([path]);
  return function metricsRouter(req, res, next) {
    // Going through a Router costs every request of the service more than this question.
    if (mayBeScrape(req.url ?? '')) middleware(req, res, next);
    else next();
  };
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
function answer(render: () => Promise<string>, contentType: string): Middleware {
  return (_req, res, next) => {
    render().then((text) => {
      // Prometheus 3 fails a scrape whose content type is missing or inexact.
      const headers = { 'Content-Type': contentType, 'Content-Length': Buffer.byteLength(text) };
      res.writeHead(200, { ...headers, 'Cache-Control': 'no-store' }).end(text);
    }, next);
  };
}
