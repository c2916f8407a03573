import cors from 'cors';
import express, { Router, type Express } from 'express';
import { requireHttps, suspiciousInput, type Ops, type RedisCommands } from 'express-runbook';
import type { ObservedPool } from 'express-runbook/postgres';
import { apiKeyRoutes } from './api-keys/routes.js';
import { apiPathOf } from './api-path.js';
import { createAudit } from './audit/audit.js';
import { createCallers } from './auth/callers.js';
import { authRoutes } from './auth/routes.js';
import type { AuthSecrets } from './auth/secrets.js';
import { clientApi } from './client-api.js';
import { compressed } from './compressed.js';
import { eventRoutes } from './events/routes.js';
import type { ServiceEvents } from './events/service-events.js';
import { jobRoutes } from './jobs/routes.js';
import { hasDevRoutes } from './ops-pages.js';
import { createProjectList } from './projects/project-list.js';
import { projectRoutes } from './projects/routes.js';
import { requestBodies } from './request-bodies.js';
import { uploadRoutes } from './uploads/routes.js';
import { createUploadFolder } from './uploads/upload-folder.js';
import { taskRoutes } from './user-tasks/routes.js';
import { userRoutes } from './users/routes.js';
import type { Work } from './work.js';
import { createTemplates, createWorkflows } from './workflows/queries.js';
import { catalogueRoutes } from './workflows/routes.js';

// Headers that a script of another origin may read: the ids of a request, and when to come again.
const EXPOSED_HEADERS = ['X-Request-ID', 'X-Correlation-ID', 'RateLimit', 'RateLimit-Policy', 'Retry-After'];
const PREFLIGHT_SECONDS = 600;

export interface AppParts {
  readonly ops: Ops;
  readonly pool: ObservedPool;
  readonly redis: RedisCommands | undefined;
  readonly work: Work;
  readonly events: ServiceEvents;
  readonly secrets: AuthSecrets;
  readonly name: string;
  readonly version: string;
  /** Pages for people of the house, where they share the port of the API. */
  readonly pages?: Router;
}

/** The whole API on one Express app, in the order in which a request meets it. */
export function createApp({ name, version, pages, ...parts }: AppParts): Express {
  const { ops } = parts;
  const { config, logger, metrics } = ops;
  const app = express();
  const apiPath = apiPathOf(config);
  app.set('trust proxy', config.trustProxy);

  app.use(ops.before);
  if (config.httpsHost !== undefined) app.use(requireHttps({ host: config.httpsHost }));
  app.use(suspiciousInput({ logger, registry: metrics.registry }));
  app.use(cors({ origin: [...config.cors.origins], exposedHeaders: EXPOSED_HEADERS, maxAge: PREFLIGHT_SECONDS }));
  app.use(compressed());
  app.use(requestBodies(`${apiPath}/uploads`));

  app.get('/', (_req, res) => {
    res.json({ name, version, links: links(apiPath, pages !== undefined, hasDevRoutes(config)) });
  });
  if (pages !== undefined) app.use(pages);
  app.use(apiPath === '' ? '/' : apiPath, apiRoutes(parts));

  app.use(ops.after);
  return app;
}

/** Everything here but login and refresh asks who is calling, in its route: so that a refusal is counted for the route. */
function apiRoutes({ ops, pool, redis, work, events, secrets }: Omit<AppParts, 'name' | 'version' | 'pages'>): Router {
  const audit = createAudit(pool, ops);
  const callers = createCallers(pool, { ops, redis, audit, secrets });
  const router = Router();
  router.use('/auth', authRoutes(pool, callers, audit, ops));
  router.use('/users', userRoutes(pool, callers, audit));
  router.use('/projects', projectRoutes(pool, callers, audit, createProjectList(pool, { redis, ...ops })));
  router.use('/api-keys', apiKeyRoutes(pool, callers, audit, ops.logger));
  router.use('/jobs', jobRoutes(pool, work.jobs, callers));
  router.use('/tasks', taskRoutes(pool, callers, audit, ops.metrics));
  router.use('/events', eventRoutes(pool, callers, audit, events));
  router.use('/templates', catalogueRoutes('template', createTemplates(pool), callers, audit));
  router.use('/workflows', catalogueRoutes('workflow', createWorkflows(pool), callers, audit));
  router.use('/uploads', uploadRoutes(createUploadFolder(ops.config.uploadsDir), callers, audit));
  router.use(clientApi({ ops, pool, redis, work, audit, callers, apiPath: apiPathOf(ops.config) }));
  return router;
}

function links(apiPath: string, hasPages: boolean, hasDev: boolean): Record<string, string> {
  return {
    health: '/health',
    metrics: '/metrics',
    ...(hasPages ? { docs: '/api-docs' } : {}),
    login: `${apiPath}/auth/login`,
    users: `${apiPath}/users`,
    projects: `${apiPath}/projects`,
    jobs: `${apiPath}/jobs`,
    tasks: `${apiPath}/tasks`,
    events: `${apiPath}/events`,
    clients: `${apiPath}/clients`,
    ...(hasPages && hasDev ? { dev: '/dev/error?kind=plain' } : {}),
  };
}
