import { Router } from 'express';
import type { Middleware } from '../../core/middleware.js';
import { startsLikeOneOf } from '../../core/plain-paths.js';
import { resolveMetricsRouterOptions, type MetricsRouterOptions } from './options.js';
import { scrapeHandlers } from './scrape-handlers.js';

/**
 * An Express router that answers GET and HEAD of `/metrics` with everything on the registry: as Prometheus text 0.0.4, or as
 * OpenMetrics 1.0.0 to a scraper that prefers it, by the same names. Stands before rate limiter and authentication. Scrapes at
 * the same time share one run, and a metric whose collector throws or hangs is missing from the answer, which is still 200;
 * `metrics_collector_errors_total` counts it.
 *
 * Who may ask is said by `token`, `networks` or a `guard` of your own; `createMetricsServer()` keeps it on a port of its own.
 *
 * @example
 * app.use(createMetricsRouter({ registry: metrics.registry, networks: ['10.0.0.0/8'] }));
 */
export function createMetricsRouter(options: MetricsRouterOptions): Middleware {
  const settings = resolveMetricsRouterOptions(options);
  const router = Router();
  router.all(settings.path, ...scrapeHandlers(settings));
  // An Express router takes any request and response of node:http; its types ask for what Express adds to them.
  const middleware = router as unknown as Middleware;
  const mayBeScrape = startsLikeOneOf([settings.path]);
  return function metricsRouter(req, res, next) {
    // Going through a Router costs every request of the service more than this question.
    if (mayBeScrape(req.url ?? '')) middleware(req, res, next);
    else next();
  };
}
