import { once } from 'node:events';
import { performance } from 'node:perf_hooks';
import { serve } from '@hono/node-server';
import { getConnInfo } from '@hono/node-server/conninfo';
import { prometheus } from '@hono/prometheus';
import { Hono } from 'hono';
import { contextStorage } from 'hono/context-storage';
import { requestId } from 'hono/request-id';
import { secureHeaders } from 'hono/secure-headers';
import { rateLimiter } from 'hono-rate-limiter';
import { pino } from 'pino';
import { USER, USER_ROUTE } from './user.mjs';

async function served(app) {
  app.get(USER_ROUTE, (c) => c.json(USER));
  const server = serve({ fetch: app.fetch, port: 0, hostname: '127.0.0.1' });
  if (!server.listening) await once(server, 'listening');
  return server;
}

export function honoBare() {
  return served(new Hono());
}

export function honoFull() {
  const app = new Hono();
  const log = pino();
  const { registerMetrics, printMetrics } = prometheus({ collectDefaultMetrics: true });
  app.use(requestId());
  app.use(contextStorage());
  app.use(async (c, next) => {
    const startedAt = performance.now();
    await next();
    const { method, path } = c.req;
    const duration = Math.round(performance.now() - startedAt);
    const fields = { requestId: c.get('requestId'), method, url: path, statusCode: c.res.status, duration };
    log.info(fields, 'Request completed');
  });
  app.use(registerMetrics);
  app.use(secureHeaders({ contentSecurityPolicy: { defaultSrc: ["'none'"] } }));
  app.get('/metrics', printMetrics);
  app.use(
    rateLimiter({
      windowMs: 60_000,
      limit: 1_000_000_000,
      standardHeaders: 'draft-7',
      keyGenerator: (c) => getConnInfo(c).remote.address ?? 'unknown',
    }),
  );
  return served(app);
}
