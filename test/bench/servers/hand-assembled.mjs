import { createServer } from 'node:http';
import terminus from '@godaddy/terminus';
import rTracer from 'cls-rtracer';
import express from 'express';
import promBundle from 'express-prom-bundle';
import { rateLimit } from 'express-rate-limit';
import helmet from 'helmet';
import { pinoHttp } from 'pino-http';
import { USER, USER_ROUTE } from './user.mjs';

/** Each library as the first example of its README has it; only the limit is raised, so that it never answers 429. */
export function handAssembled() {
  const app = express();
  app.use(helmet());
  app.use(rTracer.expressMiddleware());
  app.use(pinoHttp());
  app.use(promBundle({ includeMethod: true }));
  app.use(
    rateLimit({
      windowMs: 15 * 60 * 1000,
      limit: 1_000_000_000,
      standardHeaders: 'draft-8',
      legacyHeaders: false,
      ipv6Subnet: 56,
    }),
  );
  app.get(USER_ROUTE, (_req, res) => {
    res.json(USER);
  });
  const server = createServer(app);
  terminus.createTerminus(server, {
    healthChecks: { '/healthcheck': () => Promise.resolve(), verbatim: true },
    timeout: 1000,
    onSignal: () => Promise.resolve(),
  });
  return server.listen(0, '127.0.0.1');
}
