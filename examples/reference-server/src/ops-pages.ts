import { once } from 'node:events';
import express, { Router, type RequestHandler } from 'express';
import { accessGuard, createHttpServer, type Config, type Ops } from 'express-runbook';
import type { Alerts } from 'express-runbook/alerts';
import type { Pool } from 'pg';
import { alertRoutes } from './alerts/routes.js';
import { devRoutes } from './dev/routes.js';
import type { OpenApiDocument } from './docs/openapi.js';
import { docsRoutes } from './docs/routes.js';

/** What is not for the public: API docs, alerts and dev routes, for whoever `OPS_TOKEN` and `OPS_NETWORKS` let in. */
export function opsPages(ops: Ops, pool: Pool, document: OpenApiDocument, alerts: Alerts): Router {
  const { config, profiler, logger } = ops;
  const guard = opsGuard(config);
  const router = Router();
  router.use('/api-docs', guard, docsRoutes(document));
  // Who may silence alerts must be known: without a guard there is no such door.
  if (isGuarded(config)) router.use('/alerts', guard, alertRoutes(alerts));
  if (hasDevRoutes(config)) router.use('/dev', guard, devRoutes(pool, profiler));
  else if (config.devRoutes)
    logger.warn({}, 'The dev routes are off: in staging and production they want OPS_TOKEN or OPS_NETWORKS');
  return router;
}

/** One of them ends the process: where others can reach the service, whoever may ask for it must be known. */
export function hasDevRoutes(config: Config): boolean {
  const isForOthers = config.isProduction || config.nodeEnv === 'staging';
  return config.devRoutes && (!isForOthers || isGuarded(config));
}

function isGuarded({ ops: { token, networks } }: Config): boolean {
  return token !== undefined || networks.length > 0;
}

function opsGuard(config: Config): RequestHandler {
  const { token, networks } = config.ops;
  if (!isGuarded(config)) {
    return (_req, _res, next) => {
      next();
    };
  }
  return accessGuard({ token, networks: networks.length === 0 ? undefined : networks });
}

/** Serves these pages on a port of their own, which a firewall can keep to the people of the house. */
export async function listenForOps(ops: Ops, port: number, pages: Router): Promise<void> {
  const app = express();
  app.set('trust proxy', ops.config.trustProxy);
  app.use(ops.before, express.json(), pages, ops.after);
  const server = createHttpServer(app);
  ops.shutdown.serve(server);
  server.listen(port, ops.config.host);
  await once(server, 'listening');
  ops.logger.info({ address: server.address() }, 'API docs and dev routes have a port of their own');
}
