import express, { type Express } from 'express';
import {
  AppError,
  bearerAuth,
  correlationId,
  createHealthRouter,
  createHttpServer,
  createLogger,
  createMetrics,
  createMetricsRouter,
  errorHandler,
  getContext,
  httpLogger,
  httpMetrics,
  isAppError,
  memoryCheck,
  notFound,
  principalOf,
  rateLimiter,
  securityHeaders,
  type Metrics,
  type RunbookLogger,
} from 'express-runbook';
import { createTokenIssuer, type Tokens } from 'express-runbook/auth';
import { createCache, type Cache } from 'express-runbook/cache';
import { createServiceClient, type ServiceClient } from 'express-runbook/services';

/** Every piece fits the `app.use()` of the Express whose types are installed, and takes what the others give. */
export function everyPiece(): Express {
  const logger: RunbookLogger = createLogger({ service: 'pieces', context: getContext });
  const metrics: Metrics = createMetrics({ service: 'pieces' });
  const { registry } = metrics;

  const app = express();
  app.use(correlationId(), httpLogger({ logger }), httpMetrics({ registry }), securityHeaders());
  app.use(createHealthRouter({ checks: [memoryCheck()], logger, registry }));
  app.use('/ops', createMetricsRouter({ registry, logger }));
  app.get('/orders', rateLimiter({ max: 10, windowMs: 1000 }), (req, res) => {
    res.json([]);
  });
  const tokens = createTokenIssuer({ secret: 'a-secret-of-thirty-two-characters', logger, registry });
  app.get('/me', bearerAuth({ authenticators: [tokens.authenticator], registry }), (req, res) => {
    tokens.issue({ userId: principalOf(req).userId ?? '' }).then((issued: Tokens) => res.json(issued), console.error);
  });
  const items: Cache<number[]> = createCache<number[]>({ name: 'items', registry, logger });
  const stock: ServiceClient = createServiceClient({ name: 'stock', baseUrl: 'http://127.0.0.1:1', registry, logger });
  app.get('/items', (req, res) => {
    const load = (): Promise<number[]> => stock.call('/items', { read: (answer) => answer.json() as number[] });
    items.cached('items', load, { ttlMs: 1000, tags: ['all'] }).then((found) => res.json(found), console.error);
  });
  app.use(notFound());
  app.use(errorHandler({ logger }));
  createHttpServer(app);

  const unknown: unknown = new AppError(409, 'twice');
  const status: number = isAppError(unknown) ? unknown.statusCode : 500;
  logger.debug({ status }, 'Wired');
  return app;
}
