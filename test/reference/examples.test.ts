import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import request from 'supertest';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { writeBackupManifest } from 'express-runbook';
import { startS3Server, KEYS } from '../support/s3-server.js';

/** Each of the examples that the reference shows, run; those that need a database are in examples-postgres.long.test.ts. */
const dir = mkdtempSync(join(tmpdir(), 'reference-'));
for (const [name, value] of Object.entries({ LOG_LEVEL: 'fatal', LOG_REQUESTS: 'false', LOG_DIR: join(dir, 'logs') }))
  vi.stubEnv(name, value);
afterAll(() => {
  vi.unstubAllEnvs();
  rmSync(dir, { recursive: true });
});

describe('the examples of the reference', () => {
  it('create-ops: a service that answers, tells of itself, and stops', async () => {
    vi.stubEnv('HOST', '127.0.0.1');
    vi.stubEnv('PORT', '0');
    const { ops, start } = await import('./examples/create-ops.js');
    const server = await start();
    await request(server).get('/orders/7').expect(200, { id: '7' });
    await request(server).get('/readyz').expect(200);
    const { text } = await request(server).get('/metrics').expect(200);
    expect(text).toContain('app_build_info{service="orders",version="1.4.0"');
    expect(await ops.shutdown.shutdown('test')).toMatchObject({ exitCode: 0 });
    ops.shutdown.uninstall();
  });

  it('config: defaults of the service, and settings that can be shown', async () => {
    vi.stubEnv('PORT', undefined);
    const { config, shown } = await import('./examples/config.js');
    expect(config).toMatchObject({ port: 4000, database: { name: 'orders' } });
    expect(JSON.stringify(shown)).toContain('***');
  });

  it('correlation: the ids of a client come back, go on, and are those of a job', async () => {
    const { app, nightly } = await import('./examples/correlation.js');
    const { body, headers } = await request(app).get('/whoami').set('X-Correlation-ID', 'cor-7').expect(200);
    expect(body).toMatchObject({ context: { correlationId: 'cor-7', userId: '7' } });
    expect(body.headers).toMatchObject({ 'X-Correlation-ID': 'cor-7', 'X-Request-ID': headers['x-request-id'] });
    expect(nightly('night-1')).toBe('night-1');
  });

  it('logging: a line of the request, and one of its handler without the password', async () => {
    const { app, logger } = await import('./examples/logging.js');
    const { headers } = await request(app).post('/orders').expect(201);
    await expect.poll(() => readFileSync(join(dir, 'logs/access.log'), 'utf8')).toContain('Request completed');
    await logger.close();
    const lines = readFileSync(join(dir, 'logs/app.log'), 'utf8');
    expect(lines).toContain('"password":"[REDACTED]"');
    expect(lines).toContain(String(headers['x-request-id']));
    expect(lines).not.toContain('hunter2');
  });

  it('redaction: what the page says comes out', async () => {
    const { record, text, kinds } = await import('./examples/redaction.js');
    expect(record).toEqual({ user: 'ann', password: '[REDACTED]', iban: '[REDACTED]' });
    expect(text).not.toMatch(/hunter2|s3cr3t-of-the-day/);
    expect(kinds).toEqual(['sensitive field']);
  });

  it('health: a check that is not critical degrades the whole', async () => {
    const { app, health, rebuild } = await import('./examples/health.js');
    const before = await request(app).get('/health').expect(200);
    expect(before.body).toMatchObject({ status: 'ok', version: '1.4.0' });
    rebuild();
    const { body } = await request(app).get('/health').expect(200);
    expect(body).toMatchObject({ status: 'degraded', details: { search: { status: 'degraded' } } });
    await request(app).get('/readyz').expect(200);
    await health.close();
  });

  it('metrics: a metric of the service beside those of its requests', async () => {
    const { app } = await import('./examples/metrics.js');
    await request(app).post('/orders/7/shipped').expect(204);
    const { text } = await request(app).get('/metrics').expect(200);
    expect(text).toContain('orders_shipped_total{carrier="post"} 1');
    expect(text).toContain('endpoint="/orders/:id/shipped",status="204"} 1');
  });

  it('error-handling: 404, 405 and 413 in one shape', async () => {
    const { app } = await import('./examples/error-handling.js');
    const { body } = await request(app).get('/orders/7').expect(404);
    expect(body).toEqual({ success: false, error: { code: 404, message: 'Order not found' } });
    const refused = await request(app).delete('/orders/7').expect(405);
    expect(refused.headers.allow).toBe('GET, HEAD, OPTIONS');
    await request(app)
      .post('/orders/7')
      .send({ text: 'x'.repeat(200_000) })
      .expect(413);
  });

  it('server: a server that keeps connections open', async () => {
    vi.stubEnv('PORT', '0');
    const { server } = await import('./examples/server.js');
    const { port } = server.address() as AddressInfo;
    expect(await (await fetch(`http://127.0.0.1:${String(port)}`)).text()).toBe('hello');
    expect(server.keepAliveTimeout).toBe(75_000);
    server.close();
    server.closeAllConnections();
  });

  it('shutdown: readiness first, then the end, with its hooks', async () => {
    const { server, shutdown } = await import('./examples/shutdown.js');
    await request(server).get('/readyz').expect(200);
    const ending = shutdown.shutdown('test');
    await request(server).get('/readyz').expect(503);
    expect(await ending).toMatchObject({ exitCode: 0, hooks: [{ name: 'search index', outcome: 'closed' }] });
    shutdown.uninstall();
  });

  it('security-headers: a policy for answers, one for pages, and HTTPS', async () => {
    const { app } = await import('./examples/security-headers.js');
    const { headers } = await request(app).get('/status').expect(200);
    expect(headers['content-security-policy']).toContain("default-src 'none'");
    const page = await request(app).get('/docs').expect(200);
    expect(page.headers['content-security-policy']).toContain("script-src 'self'");
    const away = await request(app).get('/orders?limit=1').expect(308);
    expect(away.headers.location).toBe('https://api.example.com/orders?limit=1');
    await request(app).get('/orders').set('X-Forwarded-Proto', 'https').expect(200);
    await request(app).post('/orders').expect(403);
  });

  it('rate-limits: what is left is told, and one too many is refused', async () => {
    const { app } = await import('./examples/rate-limits.js');
    const { headers } = await request(app).get('/reports').expect(200);
    expect(headers.ratelimit).toMatch(/^"100-in-1min"; r=99; t=\d+, "2-per-day"; r=1; t=\d+$/);
    await request(app).get('/reports').expect(200);
    const refused = await request(app).get('/reports').expect(429);
    expect(refused.body).toMatchObject({ error: { message: 'Quota exceeded' } });
    expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0);
  });

  it('overload: a file turns the service off', async () => {
    const file = join(dir, 'maintenance');
    vi.stubEnv('MAINTENANCE_FILE', file);
    writeFileSync(file, '');
    const { app, shedder } = await import('./examples/overload.js');
    const { body, headers } = await request(app).get('/orders').expect(503);
    expect(body).toMatchObject({ error: { message: 'Down for maintenance' } });
    expect(headers['retry-after']).toBe('120');
    rmSync(file);
    shedder.close();
  });

  it('authentication: a key, a login, and a network', async () => {
    const { apiKeys, app } = await import('./examples/authentication.js');
    const { key } = await apiKeys.create({ clientId: 'acme' });
    await request(app).get('/me').set('Authorization', `Bearer ${key}`).expect(200, { clientId: 'acme' });
    await request(app).get('/me').expect(401);
    const login = (password: string) => request(app).post('/login').send({ email: 'ann@example.com', password });
    await login('test123').expect(200, { userId: '7' });
    for (let failure = 0; failure < 5; failure++) await login('wrong').expect(401);
    await login('test123').expect(429);
    await request(app).get('/internal').expect(403);
  });

  it('tokens: what was issued lets in, and nothing else does', async () => {
    const { app, tokens } = await import('./examples/tokens.js');
    const { accessToken, expiresIn } = await tokens.issue({ userId: '7' });
    expect(expiresIn).toBe(900);
    await request(app).get('/me').set('Authorization', `Bearer ${accessToken}`).expect(200, { userId: '7' });
    await request(app).get('/me').set('Authorization', 'Bearer a.b.c').expect(401);
  });

  it('audit: an event before and after, with the id of its request', async () => {
    const { app, records } = await import('./examples/audit.js');
    const { headers } = await request(app).delete('/projects/7').expect(204);
    expect(records).toMatchObject([
      { action: 'project.delete', phase: 'attempted', requestId: headers['x-request-id'] },
      { target: { type: 'project', id: '7' }, phase: 'succeeded' },
    ]);
  });

  it('cache: one load for all who ask', async () => {
    const { forgetPrices, priceOf } = await import('./examples/cache.js');
    const load = vi.fn(() => Promise.resolve(3));
    expect(await Promise.all([priceOf('bolt', load), priceOf('bolt', load)])).toEqual([3, 3]);
    expect(load).toHaveBeenCalledTimes(1);
    await forgetPrices();
    await priceOf('bolt', load);
    expect(load).toHaveBeenCalledTimes(2);
  });

  it('services: what read makes of the answer', async () => {
    const service = createServer((_req, res) => res.end('{"left":3}')).listen(0, '127.0.0.1');
    await once(service, 'listening');
    vi.stubEnv('STOCK_URL', `http://127.0.0.1:${String((service.address() as AddressInfo).port)}`);
    const { leftOf, stock } = await import('./examples/services.js');
    expect(await leftOf('bolt')).toBe(3);
    await stock.close();
    service.close();
    service.closeAllConnections();
  });

  it('alerts: an alert goes to the channel that is for its severity', async () => {
    const { alerts, sent } = await import('./examples/alerts.js');
    await alerts.flush();
    expect(sent).toMatchObject([{ name: 'Payments fail', severity: 'critical', status: 'firing', service: 'orders' }]);
    expect(await alerts.close()).toBe(0);
  });

  it('monitoring: rules, routes, pages and dashboards', async () => {
    const { files } = await import('./examples/monitoring.js');
    expect(files['alerts.yml']).toContain('job="orders"');
    expect(files['alertmanager.yml']).toContain('receivers:');
    expect(Object.keys(files)).toEqual(expect.arrayContaining(['HighErrorRatio.md', 'service.json']));
  });

  it('console: the page is for who has the token', async () => {
    vi.stubEnv('OPS_TOKEN', 'a-token-of-the-test-that-is-long');
    const { app, page } = await import('./examples/console.js');
    await request(app).get('/ops/snapshot').expect(401);
    const { body } = await request(app)
      .get('/ops/snapshot')
      .set('Authorization', 'Bearer a-token-of-the-test-that-is-long')
      .expect(200);
    expect(body).toHaveProperty('sections');
    await page.close();
  });

  it('profiling: a profile that tools open', async () => {
    vi.stubEnv('PROFILE_DIR', join(dir, 'profiles'));
    const { file, profiler } = await import('./examples/profiling.js');
    expect(file).toMatch(/\.cpuprofile$/);
    expect(JSON.parse(readFileSync(file, 'utf8'))).toHaveProperty('nodes');
    await profiler.close();
  });

  it('storage: what was put comes back', async () => {
    await using server = await startS3Server();
    vi.stubEnv('S3_ENDPOINT', server.endpoint);
    vi.stubEnv('AWS_ACCESS_KEY_ID', KEYS.accessKeyId);
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', KEYS.secretAccessKey);
    const { names, text } = await import('./examples/storage.js');
    expect(names).toEqual(['notes/today.txt']);
    expect(text).toBe('all is well');
  });

  it('backups: when the newest was made, and which ones stay', async () => {
    vi.stubEnv('BACKUP_DIR', dir);
    writeFileSync(join(dir, 'orders.dump'), 'dump');
    const createdAt = new Date(Date.now() - 3_600_000).toISOString();
    await writeBackupManifest(dir, {
      ...{ version: 1, file: 'orders.dump', format: 'custom', database: 'orders', serverVersion: '15.18' },
      ...{ startedAt: createdAt, createdAt, sizeBytes: 4, sha256: '0'.repeat(64) },
    });
    const { kept, metrics } = await import('./examples/backups.js');
    expect(kept).toMatchObject([{ file: 'orders.dump' }]);
    const seconds = String(Date.parse(createdAt) / 1000);
    expect(await metrics.render()).toContain(`backup_last_success_timestamp_seconds ${seconds}`);
  });

  it('testing: lines, secrets, and a clock that is moved', async () => {
    const { check, clock, service } = await import('./examples/testing.js');
    await request(service.app).get('/hello/ann').expect(200, { hello: 'ann' });
    clock.advance(1000);
    expect(await check()).toBe('[REDACTED]');
    expect(await service.close()).toMatchObject({ exitCode: 0 });
  });

  it('conformance: what a service keeps of its promises', async () => {
    const { report } = await import('./examples/conformance.js');
    expect(report.failures).toEqual([]);
    expect(report.findings.length).toBeGreaterThan(5);
  });
});
