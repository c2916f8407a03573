import { once } from 'node:events';
import { get } from 'node:http';
import type { AddressInfo } from 'node:net';
import { pino } from 'pino';
import request from 'supertest';
import { describe, expect, it, vi } from 'vitest';
import {
  correlationId,
  createHealthRouter,
  HEALTH_STATUS_CODES,
  httpLogger,
  type HealthCheck,
  type LifecycleState,
} from 'express-runbook';
import { EXPRESS_MAJORS } from '../support/serve.js';

const up: HealthCheck = { name: 'database', run: () => undefined };
const down: HealthCheck = { name: 'database', run: () => ({ status: 'down' }) };
const LIVENESS = ['/health/liveness', '/health/live', '/livez'];
const READINESS = ['/health/readiness', '/health/ready', '/readyz'];
const STARTUP = ['/health/startup', '/health/started', '/startupz'];
const ALL = ['/health', ...LIVENESS, ...READINESS, ...STARTUP];

describe.each(EXPRESS_MAJORS)('the health endpoints on %s', (_label, create) => {
  function app(options?: Parameters<typeof createHealthRouter>[0]) {
    return create().use(createHealthRouter(options));
  }

  it.each(ALL)('%s answers 200 as JSON that nobody may store (HLT-01, HLT-03 to HLT-06, X-06)', async (path) => {
    const response = await request(app({ checks: [up] }))
      .get(path)
      .expect(200);
    expect(response.headers['content-type']).toBe('application/json; charset=utf-8');
    expect(response.headers['cache-control']).toBe('no-store');
    expect(response.headers.etag).toBeUndefined();
    expect(response.body.status).toBe('ok');
  });

  it.each(ALL)('/api%s answers like %s (HLT-02)', async (path) => {
    const both = app({ checks: [up], prefixes: ['api', '/v1/ops/'], now: () => 0, uptimeSeconds: () => 1 });
    const plain = await request(both).get(path);
    expect((await request(both).get(`/api${path}`).expect(200)).body).toEqual(plain.body);
    expect((await request(both).get(`/v1/ops${path}`).expect(200)).body).toEqual(plain.body);
    await request(both).get(`/other${path}`).expect(404);
  });

  it('answers below the path it is mounted at', async () => {
    await request(create().use('/ops', createHealthRouter())).get('/ops/readyz').expect(200);
  });

  it.each(ALL)('%s tolerates a query string and a conditional request', async (path) => {
    await request(app())
      .get(`${path}?x=1&probe=yes&exclude`)
      .set('If-None-Match', '*')
      .set('If-Modified-Since', 'Sat, 01 Jan 2050 00:00:00 GMT')
      .expect(200);
  });

  it.each(ALL)('%s answers HEAD with the same status and headers and no body', async (path) => {
    const served = app({ checks: [down], now: () => 0, uptimeSeconds: () => 1 });
    const full = await request(served).get(path);
    const head = await request(served).head(path).expect(full.status);
    expect(head.headers['content-length']).toBe(full.headers['content-length']);
    expect(head.text).toBeFalsy();
  });

  it.each(['post', 'put', 'delete', 'patch', 'options'] as const)(
    'refuses %s and says what is allowed',
    async (method) => {
      const served = create().use(correlationId(), createHealthRouter({ checks: [up] }));
      for (const path of ['/health', '/health/readiness', '/livez', '/startupz', '/health/database']) {
        const { headers, body } = await request(served)[method](path).set('X-Request-Id', 'req-1').expect(405);
        expect(headers).toMatchObject({ allow: 'GET, HEAD', 'cache-control': 'no-store' });
        expect(body).toEqual({
          success: false,
          error: { code: 405, message: 'Method not allowed' },
          requestId: 'req-1',
        });
      }
    },
  );

  it.each(['/health/nothing', '/healthz', '/health/live/x'])('leaves %s to the application', async (path) => {
    await request(app()).get(path).expect(404);
  });

  it.each(['/HEALTH', '/health/', '/Health/Ready/?a=1', '/LIVEZ?x', '/API/health', '/api/readyz/'])(
    'answers %s, as Express lets a path be spelt',
    async (path) => {
      await request(app({ prefixes: ['/api'] }))
        .get(path)
        .expect(200);
    },
  );

  it('answers a target that names its host (RFC 9112, 3.2.2)', async () => {
    const server = app().listen(0, '127.0.0.1');
    await once(server, 'listening');
    // A listening TCP server has an address of this kind.
    const { port } = server.address() as AddressInfo;
    const statusCode = await new Promise((resolve, reject) => {
      get({ port, host: '127.0.0.1', path: 'http://example.test/readyz' }, (res) => {
        res.resume();
        resolve(res.statusCode);
      }).once('error', reject);
    });
    server.close();
    expect(statusCode).toBe(200);
  });

  it('leaves no request line for any of its paths (HLT-14, CFG-34)', async () => {
    const lines: { url: string }[] = [];
    const logger = pino({}, { write: (line: string) => lines.push(JSON.parse(line) as { url: string }) });
    const served = create().use(httpLogger({ logger }), createHealthRouter({ prefixes: ['/api'] }));
    for (const path of ALL) await request(served).get(`/api${path}`).expect(200);
    await request(served).get('/elsewhere').expect(404);
    await vi.waitFor(() => expect(lines.map(({ url }) => url)).toEqual(['/elsewhere']));
  });

  it('turns readiness and the whole to 503 when a critical check is down, liveness never (HLT-03, HLT-04, S9)', async () => {
    const run = vi.fn(() => ({ status: 'down' as const }));
    const served = app({ checks: [{ name: 'database', run }] });
    for (const path of LIVENESS) await request(served).get(path).expect(200);
    expect(run).not.toHaveBeenCalled();
    for (const path of READINESS) {
      const response = await request(served).get(path).expect(503);
      expect(response.body).toMatchObject({ status: 'error', state: 'ready', checks: { database: 'down' } });
    }
    expect((await request(served).get('/health').expect(503)).body.status).toBe('error');
  });

  it('asks readiness of critical checks only, and degrades the whole by the others (HLT-39, S12)', async () => {
    const run = vi.fn(() => ({ status: 'down' as const }));
    const served = app({ checks: [up, { name: 'search', critical: false, run }] });
    const ready = await request(served).get('/readyz').expect(200);
    expect(ready.body.checks).toEqual({ database: 'up' });
    expect(run).not.toHaveBeenCalled();
    expect((await request(served).get('/health').expect(200)).body.status).toBe('degraded');
  });

  it('answers 503 for degraded where a profile wants it; readiness does not ask (HLT-12, X-07)', async () => {
    const slow: HealthCheck = { name: 'database', run: () => ({ status: 'degraded' }) };
    const served = app({ checks: [slow], statusCodes: { degraded: 503 } });
    await request(served).get('/health').expect(503);
    const ready = await request(served).get('/readyz').expect(200);
    expect(ready.body.status).toBe('degraded');
  });
});

describe('the state of the service', () => {
  const rows = Object.entries(HEALTH_STATUS_CODES).flatMap(([state, codes]) =>
    Object.entries(codes).map(([endpoint, code]) => [state as LifecycleState, endpoint, code] as const),
  );

  it('is a table that nobody can change by accident', () => {
    expect(HEALTH_STATUS_CODES).toEqual({
      starting: { liveness: 200, readiness: 503, startup: 503, health: 503 },
      ready: { liveness: 200, readiness: 200, startup: 200, health: 200 },
      draining: { liveness: 200, readiness: 503, startup: 200, health: 503 },
      stopped: { liveness: 200, readiness: 503, startup: 200, health: 503 },
    });
    expect(Object.isFrozen(HEALTH_STATUS_CODES.draining)).toBe(true);
  });

  it.each(rows)('in %s makes %s answer %i (HLT-16)', async (state, endpoint, code) => {
    const paths = { liveness: LIVENESS, readiness: READINESS, startup: STARTUP, health: ['/health'] }[endpoint]!;
    const app = EXPRESS_MAJORS[0]![1]().use(createHealthRouter({ checks: [up], state: () => state }));
    for (const path of paths) await request(app).get(path).expect(code);
  });

  it('shows at once in a body that was frozen, and runs no check once it drains (HLT-16)', async () => {
    let state: LifecycleState = 'ready';
    const run = vi.fn(() => undefined);
    const health = createHealthRouter({ checks: [{ name: 'database', run }], state: () => state, now: () => 0 });
    const app = EXPRESS_MAJORS[0]![1]().use(health);
    await request(app).get('/health').expect(200);
    state = 'draining';
    expect((await request(app).get('/health').expect(503)).body).toMatchObject({ status: 'error', state: 'draining' });
    health.invalidate();
    expect((await request(app).get('/readyz').expect(503)).body).toMatchObject({ status: 'error', state: 'draining' });
    expect(run).toHaveBeenCalledTimes(1);
  });

  it('counts as not ready when it cannot be read, and says so in the log', async () => {
    const error = vi.fn();
    const logger = { debug: vi.fn(), info: vi.fn(), warn: vi.fn(), error, fatal: vi.fn() };
    const broken = () => {
      throw new Error('no state');
    };
    const app = EXPRESS_MAJORS[0]![1]().use(createHealthRouter({ state: broken, logger }));
    await request(app).get('/readyz').expect(503);
    await request(app).get('/livez').expect(200);
    expect(error).toHaveBeenCalled();
  });
});
