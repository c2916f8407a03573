import type { IncomingMessage, ServerResponse } from 'node:http';
import {
  correlationId,
  createMetricsRouter,
  errorHandler,
  httpLogger,
  httpMetrics,
  rateLimiter,
  securityHeaders,
  type Middleware,
} from 'express-runbook';
import { health, logger, metrics } from './lib.js';

type Handler = (req: IncomingMessage, res: ServerResponse) => Promise<void>;

const { registry } = metrics;
const before: readonly Middleware[] = [
  correlationId(),
  httpLogger({ logger }),
  httpMetrics({ registry }),
  securityHeaders(),
  health,
  createMetricsRouter({ registry }),
  rateLimiter({ max: 100, logger, registry }), // by the address of the connection
];
const failed = errorHandler({ logger });

/** All of it around a handler that knows no Express: `createHttpServer(around('/api/events', handle))`. */
export function around(endpoint: string, handle: Handler): (req: IncomingMessage, res: ServerResponse) => void {
  return (req, res) => {
    // Where metrics and lines look for the template of the route.
    Object.assign(req, { route: { path: endpoint } });
    const refuse = (error: unknown): void => failed(error, req, res, () => undefined);
    const go = (index: number): void => {
      const middleware = before[index];
      if (middleware === undefined) handle(req, res).catch(refuse);
      else
        middleware(req, res, (error) => {
          if (error === undefined) go(index + 1);
          else refuse(error);
        });
    };
    go(0);
  };
}
