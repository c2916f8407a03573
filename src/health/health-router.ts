import { Router } from 'express';
import type { HealthCheck } from '../core/health-check.js';
import type { Middleware } from '../core/middleware.js';
import { startsLikeOneOf } from '../core/plain-paths.js';
import { detailsAccess } from './http/details-access.js';
import { createHealthEngine } from './engine/health-engine.js';
import { checkHandler, endpointHandler } from './http/handlers.js';
import { plainAnswer, type HealthAnswer } from './http/plain-answer.js';
import { createHealthProbes, type HealthProbes } from './probes/health-probes.js';
import type { HealthReport } from './health-report.js';
import { resolveHealthOptions, type HealthOptions, type HealthSettings } from './options.js';
import { probePaths } from './http/probe-paths.js';
import { serviceState } from './probes/service-state.js';
import type { HealthEndpoint } from './status-codes.js';

/** Middleware that answers the health paths, with the verbs of what stands behind them. */
export interface HealthRouter extends Middleware {
  /** Adds a check while the service runs; returns what removes it. Throws `ConfigError` when its name is taken. */
  add(check: HealthCheck): () => void;
  /** What `/health` knows, from the same runs and the same cache. Never rejects because of a check. */
  report(): Promise<HealthReport>;
  /**
   * What an endpoint (`health` unless told) answers, for code that has no `(req, res)`, such as the route handlers of Next.js: from the
   * same runs and the same cache. Details are in it when `details` is `always`: nobody can be asked who is asking.
   */
  answer(endpoint?: HealthEndpoint): Promise<HealthAnswer>;
  /**
   * Drops the cached pass of one check, or of all of them: for the `error` event of a pool or client, so that the next probe
   * looks anew. An unknown name changes nothing.
   */
  invalidate(name?: string): void;
  /** Ends the runs that checks with `refreshMs` make by themselves. Questions are answered as before. Safe to call twice. */
  close(): Promise<void>;
}

/**
 * Answers `/health` with everything, `/health/readiness` (`/health/ready`, `/readyz`) with 503 unless traffic may come,
 * `/health/startup` (`/health/started`, `/startupz`) with 503 until the service is up and its startup checks have passed
 * once, and `/health/liveness` (`/health/live`, `/livez`) with 200 always, because it runs nothing. Mount it before rate
 * limiter and authentication.
 *
 * `/health/<check>` and `/readyz/<check>` ask one check; `?exclude=<check>` leaves one out, `?verbose` answers in lines as the
 * Kubernetes API server does, `?format=` gives `/health` another of its bodies. `HEAD` is answered, other methods get 405.
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
  const state = serviceState(settings);
  const shouldRefresh = (): boolean => ['starting', 'ready'].includes(state());
  const engine = createHealthEngine({ ...settings, shouldRefresh });
  for (const [index, check] of settings.checks.entries()) engine.add(check, `health.checks[${index}]`);
  const probes = createHealthProbes(settings, engine, state);

  const verbs: Omit<HealthRouter, keyof Middleware> = {
    add: (check) => engine.add(check, 'health.add'),
    report: () => probes.report(),
    answer: (endpoint = 'health') => plainAnswer(probes.ask(endpoint), settings.details === 'always'),
    invalidate: (name) => engine.invalidate(name),
    close() {
      engine.close();
      return Promise.resolve();
    },
  };
  // Not on the Router itself, where `report` is the HTTP method of that name.
  return Object.assign(routesOf(settings, probes), verbs);
}

function routesOf(settings: HealthSettings, probes: HealthProbes): Middleware {
  const access = detailsAccess(settings);
  const router = Router();
  const paths = probePaths(settings.prefixes);
  for (const { path, endpoint } of paths) router.all(path, endpointHandler(endpoint, probes, access));
  for (const { checkPath, endpoint } of paths) {
    if (checkPath !== undefined) router.all(checkPath, checkHandler(endpoint, probes, access));
  }
  const mayBeProbe = startsLikeOneOf(paths.map(({ path }) => path));
  // A Router works on what Express made of Node's request and response, which is what this is called with.
  const middleware = router as unknown as Middleware;
  return (req, res, next) => {
    // A Router tries each of its paths on every request of the service.
    if (mayBeProbe(req.url ?? '')) middleware(req, res, next);
    else next();
  };
}
