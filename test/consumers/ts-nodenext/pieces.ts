import express, { type Express } from 'express';
import {
  AppError,
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
  rateLimiter,
  securityHeaders,
  type Metrics,
  type RunbookLogger,
} from 'express-runbook';

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
  app.use(notFound());
  app.use(errorHandler({ logger }));
  createHttpServer(app);

  const unknown: unknown = new AppError(409, 'twice');
  const status: number = isAppError(unknown) ? unknown.statusCode : 500;
  logger.debug({ status }, 'Wired');
  return app;
}
