import cors from 'cors';
import express, { Router, type Express } from 'express';
import { bodyLimit, type Config, type Ops, type RedisCommands } from 'express-runbook';
import type { ObservedPool } from 'express-runbook/postgres';
import { authenticate } from './auth/authenticate.js';
import { authRoutes } from './auth/routes.js';
import { createTokenIssuer, type AuthSecrets } from './auth/tokens.js';
import { devRoutes } from './dev/routes.js';
import { openApiDocument } from './docs/openapi.js';
import { docsRoutes } from './docs/routes.js';
import { jobRoutes } from './jobs/routes.js';
import type { ServiceJobs } from './jobs/service-jobs.js';
import { createProjectList } from './projects/project-list.js';
import { projectRoutes } from './projects/routes.js';
import { userRoutes } from './users/routes.js';

const MAX_BODY_BYTES = 100 * 1024;

export interface AppParts {
  readonly ops: Ops;
  readonly pool: ObservedPool;
  readonly redis: RedisCommands | undefined;
  readonly jobs: ServiceJobs;
  readonly config: Config;
  readonly secrets: AuthSecrets;
  readonly name: string;
  readonly version: string;
}

/** The whole API on one Express app, in the order in which a request meets it. */
export function createApp({ ops, pool, redis, jobs, config, secrets, name, version }: AppParts): Express {
  const app = express();
  const apiPath = config.apiPrefix === '' ? '' : `/${config.apiPrefix}`;
  app.set('trust proxy', config.trustProxy);

  app.use(ops.before);
  app.use(cors({ origin: [...config.cors.origins] }));
  app.use(bodyLimit({ maxBytes: MAX_BODY_BYTES }), express.json({ limit: MAX_BODY_BYTES }));

  app.get('/', (_req, res) => {
    res.json({ name, version, links: links(apiPath, config.devRoutes) });
  });
  app.use('/api-docs', docsRoutes(openApiDocument({ title: name, version, apiPath })));
  if (config.devRoutes) app.use('/dev', devRoutes(pool));
  app.use(apiPath === '' ? '/' : apiPath, apiRoutes({ ops, pool, redis, jobs, config, secrets }));

  app.use(ops.after);
  return app;
}

/** Everything here but login and refresh asks for a token, in its route: so that a refusal is counted for the route. */
function apiRoutes({ ops, pool, redis, jobs, config, secrets }: Omit<AppParts, 'name' | 'version'>): Router {
  const tokens = createTokenIssuer(config.auth, secrets);
  const guarded = authenticate(tokens);
  const router = Router();
  router.use('/auth', authRoutes(pool, tokens, ops.logger));
  router.use('/users', userRoutes(pool, guarded));
  router.use('/jobs', jobRoutes(jobs, guarded));
  router.use('/projects', projectRoutes(pool, guarded, createProjectList(pool, { redis, ...ops })));
  return router;
}

function links(apiPath: string, hasDevRoutes: boolean): Record<string, string> {
  return {
    health: '/health',
    metrics: '/metrics',
    docs: '/api-docs',
    login: `${apiPath}/auth/login`,
    users: `${apiPath}/users`,
    projects: `${apiPath}/projects`,
    jobs: `${apiPath}/jobs`,
    ...(hasDevRoutes ? { dev: '/dev/error?kind=plain' } : {}),
  };
}
