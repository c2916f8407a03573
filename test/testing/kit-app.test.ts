import { once } from 'node:events';
import { get, type IncomingMessage, type Server } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import express from 'express';
import { Registry } from 'prom-client';
import request from 'supertest';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { createMetrics, getContext, loadConfig } from 'express-runbook';
import { testApp, testOps, type TestAppOptions, type TestOps } from 'express-runbook/testing';
import { EXPRESS_MAJORS } from '../support/serve.js';

const opened: TestOps[] = [];

afterEach(async () => {
  for (const one of opened.splice(0)) await one.close();
});

function kept<Kit extends TestOps>(kit: Kit): Kit {
  opened.push(kit);
  return kit;
}

/** An app with a route that logs, one that fails and one that never answers. */
function orders(options?: TestAppOptions) {
  return kept(
    testApp((app, ops) => {
      app.get('/orders/:id', (req, res) => {
        ops.logger.info({ orderId: req.params.id, password: 'hunter2' }, 'Order shown');
        res.json({ id: req.params.id });
      });
      app.get('/broken', () => {
        throw new Error('no disk');
      });
      app.get('/never', () => undefined);
    }, options),
  );
}

describe.each(EXPRESS_MAJORS)('testApp on %s', (_label, create) => {
  it("finds a route's own line by the request's id, between those of other requests", async () => {
    const { app, logs } = orders({ app: create() });
    await request(app).get('/orders/1').expect(200);
    const { headers } = await request(app).get('/orders/2').expect(200);
    const line = logs.find({ msg: 'Order shown', requestId: headers['x-request-id'] });
    expect(line).toMatchObject({ level: 'info', orderId: '2', service: 'test', environment: 'test' });
    expect(logs.filter({ msg: /^Order/ })).toHaveLength(2);
  });

  it('has the line and the count of an answer that was sent, although both are written after it', async () => {
    const { app, logs, metrics, settled } = orders({ app: create() });
    for (let turn = 1; turn <= 50; turn++) {
      await request(app).get('/orders/7').expect(200);
      const labels = { method: 'GET', endpoint: '/orders/:id', status: 200 };
      expect(await metrics.value('http_requests_total', labels)).toBe(turn);
    }
    await request(app).get('/nowhere').expect(404);
    await settled();
    expect(logs.filter({ msg: 'Request completed', statusCode: 200 })).toHaveLength(50);
    expect(logs.filter({ msg: 'Request completed', statusCode: 404 })).toHaveLength(1);
  });

  it('answers errors and probes as the wired service does, ready from the start', async () => {
    const { app, logs } = orders({ app: create() });
    await request(app).get('/health/readiness').expect(200);
    await request(app)
      .get('/metrics')
      .expect(200, /http_requests_total/);
    const { body } = await request(app).get('/broken').expect(500);
    expect(body.error.message).toBe('Internal server error');
    expect(logs.find({ msg: 'Error occurred' })).toMatchObject({ error: 'no disk', requestId: body.requestId });
  });
});

describe('testApp', () => {
  it('keeps two of them apart: lines, metrics and limits', async () => {
    const one = orders({ env: { RATE_LIMIT_MAX: '1' } });
    const other = orders({ service: 'other' });
    await request(one.app).get('/orders/1').expect(200);
    await request(one.app).get('/orders/1').expect(429);
    await request(other.app).get('/orders/2').expect(200);
    await Promise.all([one.settled(), other.settled()]);
    expect(one.logs.filter({ msg: 'Order shown' })).toMatchObject([{ orderId: '1', service: 'test' }]);
    expect(other.logs.filter({ msg: 'Order shown' })).toMatchObject([{ orderId: '2', service: 'other' }]);
    expect(await one.metrics.value('http_requests_total')).toBe(2);
    expect(await other.metrics.value('http_requests_total')).toBe(1);
    expect(await other.metrics.value('rate_limit_requests_total', { result: 'rejected' })).toBe(0);
  });

  it('waits for an answer that is still on its way, and says when nobody takes it', async () => {
    const { app, metrics, settled } = kept(testApp((one) => one.get('/big', (_req, res) => void res.send(BIG))));
    const server = app.listen(0);
    const taken = await untaken(server);
    const counted = metrics.value('http_requests_total', { endpoint: '/big' });
    taken.resume();
    expect(await counted).toBe(1);
    const left = await untaken(server);
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const refused = expect(settled()).rejects.toMatchObject({ code: 'ERR_TEST_TIMEOUT' });
    await vi.advanceTimersByTimeAsync(1000);
    vi.useRealTimers();
    await refused;
    left.destroy();
    server.close();
  });

  it('does not wait for a handler that has not answered', async () => {
    const { app, metrics } = orders();
    const server = app.listen(0);
    const socket = connect((server.address() as AddressInfo).port);
    socket.write('GET /never HTTP/1.1\r\nHost: x\r\n\r\n');
    await vi.waitFor(async () => expect(await metrics.value('http_requests_in_flight')).toBe(1));
    socket.destroy();
    server.close();
    await vi.waitFor(async () => expect(await metrics.value('http_requests_in_flight')).toBe(0));
  });

  it('reads the parts of a histogram, sums the series that match, and tells none from zero', async () => {
    const { app, metrics } = orders();
    await request(app).get('/orders/1');
    await request(app).post('/orders/1');
    expect(await metrics.value('http_request_duration_seconds_count')).toBe(2);
    expect(await metrics.value('http_request_duration_seconds_bucket', { le: '+Inf', method: 'GET' })).toBe(1);
    expect(await metrics.value('http_requests_total', { method: 'PUT' })).toBeUndefined();
    expect(await metrics.value('http_requests')).toBeUndefined();
    expect(await metrics.value('errors_total')).toBe(0);
    expect(await metrics.text()).toContain('http_request_duration_seconds_count{');
  });

  it('writes nothing to standard output, not even when the environment wants pretty lines and files', async () => {
    const written = [vi.spyOn(process.stdout, 'write'), vi.spyOn(process.stderr, 'write')];
    const { app, logs, settled } = orders({ env: { LOG_FORMAT: 'pretty', LOG_DIR: '/nonexistent/logs' } });
    await request(app).get('/broken');
    await settled();
    for (const stream of written) expect(stream).not.toHaveBeenCalled();
    expect(logs.text()).toContain('"msg":"Error occurred"');
  });

  it('has the lines as production would write them: redacted, and those of the level that it has', async () => {
    const { app, logs, settled } = orders({ env: { LOG_LEVEL: 'warn' } });
    await request(app).get('/orders/1');
    await settled();
    expect(logs.lines.map(({ msg }) => msg)).toEqual(['Request completed']);
    const loud = orders();
    await request(loud.app).get('/orders/1');
    expect(loud.logs.find({ msg: 'Order shown' })?.password).toBe('[REDACTED]');
    expect(loud.logs.text()).not.toContain('hunter2');
  });

  it('reads no environment but the one it is given', () => {
    vi.stubEnv('API_PREFIX', 'from-the-machine');
    vi.stubEnv('PORT', 'not a port');
    expect(orders().ops.config).toMatchObject({ apiPrefix: 'api', port: 0, host: '127.0.0.1', nodeEnv: 'test' });
    expect(orders({ env: { API_PREFIX: 'v2' } }).ops.config.apiPrefix).toBe('v2');
    vi.unstubAllEnvs();
  });
});

describe('logs', () => {
  it('are waited for: a line that comes later is the one, and one that is there at once', async () => {
    const { ops, logs } = kept(testOps());
    const later = logs.waitFor({ msg: 'Job done', jobs: [1, 2] });
    ops.logger.info({ jobs: [1] }, 'Job done');
    ops.logger.info({ jobs: [1, 2] }, 'Job done');
    expect(await later).toBe(logs.lines[1]);
    expect(await logs.waitFor({ msg: /done$/g })).toBe(logs.lines[0]);
  });

  it('that do not come end the wait with an error that tells what was logged instead', async () => {
    const { ops, logs } = kept(testOps());
    ops.logger.warn({}, 'Something else');
    const waiting = logs.waitFor({ msg: 'Job done' }, { timeoutMs: 1 });
    await expect(waiting).rejects.toMatchObject({
      code: 'ERR_TEST_TIMEOUT',
      message: expect.stringMatching(/no line with { msg: 'Job done' } within 1 ms[^]*warn Something else/),
      stack: expect.stringContaining('kit-app.test.ts'),
    });
  });

  it('are empty once cleared', () => {
    const { ops, logs } = kept(testOps());
    ops.logger.info('Started');
    logs.clear();
    expect([logs.lines, logs.text(), logs.find({ msg: 'Started' })]).toEqual([[], '', undefined]);
  });
});

describe('testOps', () => {
  it('fits an app that the service builds itself, with its own checks and metrics', async () => {
    const registry = new Registry();
    const metrics = createMetrics({ registry, defaultMetrics: false });
    const down = { name: 'queue', run: () => ({ status: 'down' as const }) };
    const kit = kept(testOps({ metrics, checks: [down], version: '1.2.3', rateLimit: false }));
    const app = express().use(kit.ops.before);
    await request(app).get('/health/readiness').expect(503);
    expect(await kit.metrics.value('health_check_status', { check: 'queue', status: 'down' })).toBe(1);
    expect(kit.logs.find({ msg: /^Health check queue is down/ })?.version).toBe('1.2.3');
  });

  it('takes settings that the service has loaded itself', () => {
    const config = loadConfig({ env: { NODE_ENV: 'test' }, envFile: false, profile: { API_PREFIX: 'v9' } });
    expect(kept(testOps({ config })).ops.config).toBe(config);
    expect(() => testOps({ config, env: {} })).toThrow(/testOps\.env says what config says too/);
  });

  it('opens the context of the request for what the route calls', async () => {
    const { app } = kept(testApp((one) => one.get('/id', (_req, res) => void res.json(getContext()))));
    const { body, headers } = await request(app).get('/id');
    expect(body.requestId).toBe(headers['x-request-id']);
  });

  it('leaves no handle open after close, also of a server that listened, and says how the shutdown went', async () => {
    // What the first use in a process starts for good is not what close() is to stop.
    await testOps().close();
    const [before, listeners] = [await handles(), process.listenerCount('SIGTERM')];
    const kit = testOps({ pool: fakePool() });
    const server = await kit.ops.listen(express().use(kit.ops.before));
    expect(added(before, await handles())).toEqual(['TCPServerWrap']);
    await request(server).get('/health').set('Connection', 'close').expect(200);
    const report = await kit.close();
    expect(report).toMatchObject({ exitCode: 0, cutRequests: 0 });
    expect(report.hooks.map(({ name, outcome }) => [name, outcome])).toEqual([
      ['database', 'closed'],
      ['health checks', 'closed'],
      ['event loop check', 'closed'],
      ['profiler', 'closed'],
    ]);
    expect(await kit.close()).toEqual(report);
    expect(added(before, await handles())).toEqual([]);
    expect(process.listenerCount('SIGTERM')).toBe(listeners);
  });

  it('keeps the lines of the shutdown', async () => {
    const { ops, logs, close } = testOps();
    ops.shutdown.add('worker', () => Promise.reject(new Error('stuck')));
    expect((await close()).exitCode).toBe(1);
    expect(logs.find({ msg: 'Shutdown hook failed' })).toMatchObject({ hook: 'worker' });
    expect(logs.lines.at(-1)).toMatchObject({ msg: 'Shutdown completed' });
  });

  it.each([
    [{ enw: {} }, /testOps\.enw is not an option; did you mean env\?/],
    [{ ratelimit: false }, /did you mean rateLimit\?/],
    [{ rateLimit: 1 }, /createOps\.rateLimit must be/],
    [{ env: { PORT: 'x' } }, /PORT/],
  ])('refuses %j by name', (options, message) => {
    expect(() => testOps(options as never)).toThrow(message);
  });
});

// More than the system takes at once: its end waits for the client.
const BIG = 'x'.repeat(16_000_000);

/** An answer whose headers the client has, and whose body it does not read. */
async function untaken(server: Server): Promise<IncomingMessage> {
  const { port } = server.address() as AddressInfo;
  const [response] = await once(get({ port, path: '/big', agent: false }), 'response');
  return response;
}

/** What keeps the process alive, once the sockets of earlier requests have had some turns of the loop to go. */
async function handles(): Promise<string[]> {
  for (let turn = 0; turn < 100; turn++) await new Promise((resolve) => setImmediate(resolve));
  return process.getActiveResourcesInfo();
}

/** Those that were not there before; the test runner's own come and go. */
function added(before: readonly string[], after: readonly string[]): string[] {
  const known = [...before];
  return after.filter((handle) => !known.includes(handle) || known.splice(known.indexOf(handle), 1).length === 0);
}

/** Stands for a `pg.Pool` that is always there. */
function fakePool() {
  return {
    query: () => Promise.resolve({ rows: [] }),
    end: () => Promise.resolve(),
    on: () => undefined,
    totalCount: 0,
    idleCount: 0,
    waitingCount: 0,
    options: { max: 1 },
  };
}
