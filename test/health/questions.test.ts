import request from 'supertest';
import { describe, expect, it, vi } from 'vitest';
import { createHealthRouter, type HealthCheck, type LifecycleState } from 'express-runbook';
import { EXPRESS_MAJORS } from '../support/serve.js';

const database: HealthCheck = { name: 'database', run: () => undefined };
const search: HealthCheck = { name: 'search', critical: false, run: () => ({ status: 'degraded', message: 'slow' }) };
const queue: HealthCheck = { name: 'queue', run: () => ({ status: 'down', message: 'no connection to 10.0.0.1' }) };

describe.each(EXPRESS_MAJORS)('what a query asks on %s', (_label, create) => {
  const served = (checks: readonly HealthCheck[], options: Parameters<typeof createHealthRouter>[0] = {}) =>
    create().use(createHealthRouter({ checks, now: () => 0, ...options }));

  it('verbose lists the checks as the Kubernetes API server does, and withholds reasons', async () => {
    const { text, headers } = await request(served([database, search, queue]))
      .get('/health?verbose')
      .expect(503);
    expect(headers).toMatchObject({ 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store' });
    expect(text).toBe('[+]database ok\n[+]search degraded\n[-]queue failed: reason withheld\nhealth check failed\n');
  });

  it.each([
    ['/readyz?verbose', '[+]database ok\nreadyz check passed\n'],
    ['/livez?verbose', 'livez check passed\n'],
    ['/startupz?verbose=1', 'startupz check passed\n'],
    ['/readyz?verbose&exclude=database&exclude=nobody', '[+]database excluded: ok\nreadyz check passed\n'],
  ])('%s', async (path, text) => {
    expect(
      (
        await request(served([database, search]))
          .get(path)
          .expect(200)
      ).text,
    ).toBe(text);
  });

  it('verbose says that the service is draining, and runs no check then', async () => {
    const run = vi.fn(() => undefined);
    const app = served([{ name: 'database', run }], { state: () => 'draining' });
    const { text } = await request(app).get('/readyz?verbose').expect(503);
    expect(text).toBe('[-]state failed: draining\nreadyz check failed\n');
    expect((await request(app).get('/livez?verbose').expect(200)).text).toBe('livez check passed\n');
    expect(run).not.toHaveBeenCalled();
  });

  it('exclude leaves checks out of one answer, and neither runs them nor changes the next answer', async () => {
    const run = vi.fn(() => ({ status: 'down' as const }));
    const app = served([database, { name: 'queue', run }]);
    for (const path of ['/readyz', '/health']) {
      await request(app).get(`${path}?exclude=queue`).expect(200);
      expect(run).not.toHaveBeenCalled();
    }
    const { body } = await request(app).get('/health?exclude=queue&exclude=database').expect(200);
    expect(body.details).toEqual({});
    await request(app).get('/readyz').expect(503);
    await request(app).get('/health').expect(503);
  });

  it('format gives /health another of its bodies, in the words of that format (X-04)', async () => {
    const app = served([database], { words: { overall: { ok: 'fine' } } });
    expect((await request(app).get('/health?format=flat')).body).toMatchObject({
      status: 'healthy',
      database: 'connected',
    });
    expect((await request(app).get('/health?format=details')).body.status).toBe('fine');
    expect((await request(app).get('/health?format=toString')).body.status).toBe('fine');
  });

  it.each([
    ['/health/database', 200, { status: 'up', timestamp: '1970-01-01T00:00:00.000Z' }],
    ['/readyz/database', 200, { status: 'up', timestamp: '1970-01-01T00:00:00.000Z' }],
    ['/health/search', 200, { status: 'degraded' }],
    ['/health/queue', 503, { status: 'down' }],
    ['/readyz/queue', 503, { status: 'down' }],
    ['/api/readyz/queue', 503, { status: 'down' }],
  ])('%s answers %i for that check alone', async (path, code, body) => {
    const response = await request(served([database, search, queue], { prefixes: ['/api'] })).get(path);
    expect(response.status).toBe(code);
    expect(response.body).toMatchObject(body);
    expect(response.headers).toMatchObject({ 'cache-control': 'no-store' });
    expect(response.text).not.toMatch(/10\.0\.0\.1|latency/);
  });

  it('a check by its name may need decoding, and shares the runs of the others', async () => {
    const run = vi.fn(() => undefined);
    const app = served([{ name: 'vector index/eu', run }]);
    await request(app).get('/health/vector%20index%2Feu').expect(200);
    await request(app).head('/readyz/vector%20index%2Feu').expect(200);
    await request(app).get('/readyz').expect(200);
    expect(run).toHaveBeenCalledTimes(1);
  });

  it('an unknown check is a 404, also where the service has a page for every path', async () => {
    const app = served([database, search]).use((_req, res) => void res.send('<html>'));
    for (const path of ['/readyz/nobody', '/readyz/search', '/livez/database', '/startupz/database']) {
      const { body } = await request(app).get(path).expect(404);
      expect(body).toEqual({ success: false, error: { code: 404, message: 'Health check not found' } });
    }
    // Below /health, as /api/health/records may be, a name that is no check is the service's own route.
    expect((await request(app).post('/health/records').expect(200)).text).toBe('<html>');
  });
});

describe('the startup probe', () => {
  it('is 503 until the service is up and its startup checks have passed once, and 200 ever after', async () => {
    let state: LifecycleState = 'starting';
    let isWarm = false;
    const run = vi.fn(() => ({ status: isWarm ? ('up' as const) : ('down' as const) }));
    const warmUp: HealthCheck = { name: 'warm-up', probes: ['startup'], run };
    const health = createHealthRouter({ checks: [warmUp, database], state: () => state, cacheTtlMs: 0 });
    const app = EXPRESS_MAJORS[0]![1]().use(health);
    await request(app).get('/startupz').expect(503);
    expect(run).not.toHaveBeenCalled();
    state = 'ready';
    expect((await request(app).get('/startupz').expect(503)).body.checks).toEqual({ 'warm-up': 'down' });
    isWarm = true;
    expect((await request(app).get('/startupz').expect(200)).body.checks).toEqual({ 'warm-up': 'up' });
    isWarm = false;
    await request(app).get('/startupz').expect(200);
    state = 'draining';
    await request(app).get('/startupz').expect(200);
    expect(run).toHaveBeenCalledTimes(2);
  });

  it('has not been passed when a check was left out of the question', async () => {
    const down: HealthCheck = { name: 'warm-up', probes: ['startup'], run: () => ({ status: 'down' }) };
    const app = EXPRESS_MAJORS[0]![1]().use(createHealthRouter({ checks: [down] }));
    await request(app).get('/startupz?exclude=warm-up').expect(200);
    await request(app).get('/startupz').expect(503);
  });
});

describe('the probes of a check', () => {
  it('are its own choice: critical without readiness, or in readiness without being critical', async () => {
    const checks: HealthCheck[] = [
      { name: 'billing', probes: [], run: () => ({ status: 'down' }) },
      { name: 'search', critical: false, probes: ['readiness', 'startup'], run: () => ({ status: 'down' }) },
    ];
    const app = EXPRESS_MAJORS[0]![1]().use(createHealthRouter({ checks }));
    const ready = await request(app).get('/readyz').expect(200);
    expect(ready.body).toMatchObject({ status: 'degraded', checks: { search: 'down' } });
    expect(ready.body.checks).not.toHaveProperty('billing');
    await request(app).get('/startupz').expect(200);
    await request(app).get('/health').expect(503);
  });
});
