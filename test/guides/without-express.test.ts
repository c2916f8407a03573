import { createServer } from 'node:http';
import {
  accessGuard,
  bearerAuth,
  bodyLimit,
  createConsole,
  createGracefulShutdown,
  createLoadShedder,
  createLogger,
  createMetrics,
  createMetricsRouter,
  errorAnswer,
  maintenance,
  methodNotAllowed,
  notFound,
  principalOf,
  requestQuota,
  requireHttps,
  suspiciousInput,
  type Middleware,
} from 'express-runbook';
import request from 'supertest';
import { afterAll, expect, it } from 'vitest';

const shedder = createLoadShedder();
const { registry } = createMetrics({ defaultMetrics: false });
const logger = createLogger({ level: 'fatal', stdout: { write: () => undefined } });
const networks = ['127.0.0.1', '::1', '::ffff:127.0.0.1'];
const page = createConsole({ service: 'orders', registry, networks });
const users = {
  recognises: () => true,
  authenticate: (credential: string) => Promise.resolve({ userId: credential }),
};
const whoAsks: Middleware = (req, res, next) => {
  bearerAuth({ authenticators: [users] })(req, res, (error) => {
    if (error === undefined) res.setHeader('X-User', principalOf(req).userId ?? '');
    next(error);
  });
};

afterAll(async () => {
  shedder.close();
  await page.close();
});

it.each<[name: string, middleware: Middleware, path: string, statusCode: number]>([
  ['bearerAuth()', whoAsks, '/', 200],
  ['accessGuard()', accessGuard({ token: 'letmein', networks }), '/', 200],
  ['accessGuard(), from elsewhere', accessGuard({ networks: ['192.0.2.0/24'] }), '/', 403],
  ['requestQuota()', requestQuota({ max: 1, per: 'day' }), '/', 200],
  ['createLoadShedder()', shedder.middleware, '/', 200],
  ['maintenance()', maintenance({ file: '/nonexistent/maintenance' }), '/', 200],
  ['bodyLimit()', bodyLimit(), '/', 200],
  ['suspiciousInput()', suspiciousInput({ logger, registry }), '/?q=1', 200],
  ['requireHttps()', requireHttps({ host: 'api.example.com' }), '/', 308],
  ['methodNotAllowed()', methodNotAllowed('POST'), '/', 405],
  ['notFound()', notFound(), '/', 404],
  ['createMetricsRouter()', createMetricsRouter({ registry, networks, token: 'letmein' }), '/metrics', 200],
  ['createConsole()', page, '/ops/snapshot', 200],
  ['createGracefulShutdown()', createGracefulShutdown().middleware, '/', 200],
])('takes a request and a response of node:http: %s (X-62)', async (_name, middleware, path, statusCode) => {
  const server = createServer((req, res) => {
    middleware(req, res, (error) => {
      res.writeHead(error === undefined ? 200 : errorAnswer(error).statusCode).end();
    });
  });
  const answer = await request(server).get(path).set('Authorization', 'Bearer letmein');
  expect(answer.status).toBe(statusCode);
  if (middleware === whoAsks) expect(answer.headers['x-user']).toBe('letmein');
});
