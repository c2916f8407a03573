import { randomUUID } from 'node:crypto';
import helmet from '@fastify/helmet';
import rateLimit from '@fastify/rate-limit';
import requestContext from '@fastify/request-context';
import Fastify, { LogController } from 'fastify';
import metrics from 'fastify-metrics';
import { USER, USER_ROUTE } from './user.mjs';

async function served(app) {
  app.get(USER_ROUTE, () => USER);
  await app.listen({ port: 0, host: '127.0.0.1' });
  return app.server;
}

export function fastifyBare() {
  return served(Fastify());
}

/** Fastify's own logger says two lines per request; one, at the end, is what the others do. */
export async function fastifyFull() {
  const app = Fastify({
    logger: true,
    logController: new LogController({ disableRequestLogging: true }),
    requestIdHeader: 'x-request-id',
    genReqId: () => randomUUID(),
  });
  await app.register(requestContext, { defaultStoreValues: (req) => ({ requestId: req.id }) });
  await app.register(metrics.default ?? metrics, {
    endpoint: '/metrics',
    routeMetrics: { enabled: { histogram: true, summary: false } },
  });
  await app.register(helmet);
  await app.register(rateLimit, { max: 1_000_000_000, timeWindow: 60_000, enableDraftSpec: true });
  app.addHook('onRequest', async (req, reply) => {
    reply.header('X-Request-ID', req.id);
  });
  app.addHook('onResponse', async (req, reply) => {
    const { method, url } = req;
    const route = req.routeOptions.url;
    const duration = Math.round(reply.elapsedTime);
    req.log.info({ method, url, route, statusCode: reply.statusCode, duration }, 'Request completed');
  });
  return served(app);
}
