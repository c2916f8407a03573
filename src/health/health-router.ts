import { Router, type RequestHandler } from 'express';
import type { HealthCheck } from '../core/health-check.js';
import type { Middleware } from '../core/middleware.js';
import { markOpsEndpoint } from '../core/ops-endpoint.js';
import { startsLikeOneOf } from '../core/plain-paths.js';
import { refuseMethod, sendAnswer } from './answer.js';
import { createHealthEngine } from './engine/health-engine.js';
import { createHealthProbes, type Probe } from './health-probes.js';
import type { HealthReport } from './health-report.js';
import { resolveHealthOptions, type HealthOptions } from './options.js';
import { probePaths } from './probe-paths.js';

/** Middleware that answers the health paths, with the verbs of what stands behind them. */
export interface HealthRouter extends Middleware {
  /** Adds a check while the service runs; returns what removes it. Throws `ConfigError` when its name is taken. */
  add(check: HealthCheck): () => void;
  /** What `/health` knows, from the same runs and the same cache. Never rejects because of a check. */
  report(): Promise<HealthReport>;
  /**
   * Drops the cached pass of one check, or of all of them: for the `error` event of a pool or client, so that the next probe
   * looks anew. An unknown name changes nothing.
   */
  invalidate(name?: string): void;
}

/**
 * Answers `/health` with everything, `/health/readiness` (`/health/ready`, `/readyz`) with 503 unless traffic may come, and
 * `/health/liveness` (`/health/live`, `/livez`) with 200 always, because it runs nothing. Mount it before rate limiter and
 * authentication.
 *
 * A check that throws, hangs or returns nonsense is down, and only that check; the answer comes within
 * `responseDeadlineMs`. Errors go to the logger and never into a body.
 *
 * @example
 * const health = createHealthRouter({ checks: [databaseCheck({ pool }), memoryCheck()] });
 * app.use(health);
 */
export function createHealthRouter(options?: HealthOptions): HealthRouter {
  const settings = resolveHealthOptions(options);
  const engine = createHealthEngine(settings);
  for (const [index, check] of settings.checks.entries()) engine.add(check, `health.checks[${index}]`);
  const probes = createHealthProbes(settings, engine);

  const router = Router();
  const paths = probePaths(settings.prefixes);
  for (const { path, endpoint } of paths) router.all(path, handlerOf(probes[endpoint]));
  const mayBeProbe = startsLikeOneOf(paths.map(({ path }) => path));
  // A Router works on what Express made of Node's request and response, which is what this is called with.
  const middleware = router as unknown as Middleware;

  const verbs: Omit<HealthRouter, keyof Middleware> = {
    add: (check) => engine.add(check, 'health.add'),
    report: () => probes.report(),
    invalidate: (name) => engine.invalidate(name),
  };
  // Not on the Router itself, where `report` is the HTTP method of that name.
  const health: Middleware = (req, res, next) => {
    // A Router tries each of its paths on every request of the service.
    if (mayBeProbe(req.url ?? '')) middleware(req, res, next);
    else next();
  };
  return Object.assign(health, verbs);
}

function handlerOf(probe: Probe): RequestHandler {
  return (req, res, next) => {
    markOpsEndpoint(req, 'health');
    if (req.method !== 'GET' && req.method !== 'HEAD') {
      refuseMethod(res);
      return;
    }
    const answer = probe();
    if (!(answer instanceof Promise)) {
      sendAnswer(res, answer);
      return;
    }
    answer.then((made) => sendAnswer(res, made)).catch(next);
  };
}
