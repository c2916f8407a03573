import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { getContext } from 'express-runbook';
import { collectDefaultMetrics, Counter, register } from 'prom-client';
import request from 'supertest';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { fileLines, newFolder, recorded } from '../logging/recorded.js';
import { ROOT } from '../repo/source-files.js';
import { patternOf } from '../runbooks/expected.js';
import { testDatabase } from '../support/postgres.js';
import { requireTool } from '../support/real-tools.js';
import { snippetsOf } from './snippets-of.js';

const PAGE = 'docs/guides/moving-from.md';
const FOLDER = 'test/guides/moving-from';
const promtool = requireTool('promtool');
const closing: (() => unknown)[] = [];

// Nothing is to be read in the output of a test: loggers that are made from here on write there.
beforeAll(() => void vi.spyOn(process.stdout, 'write').mockReturnValue(true));
afterAll(async () => {
  for (const close of closing.reverse()) await close();
  vi.restoreAllMocks();
});

async function portOf(server: Server): Promise<number> {
  if (!server.listening) await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

async function statusOf(port: number, path: string): Promise<number> {
  return (await fetch(`http://127.0.0.1:${port}${path}`)).status;
}

it('the page about moving shows code that is compiled and run here, and no other', () => {
  const snippets = [...snippetsOf(PAGE, 'ts'), ...snippetsOf(PAGE, 'yaml')];
  const names = ['terminus.ts', 'lightship.ts', 'prom-bundle.ts', 'winston.ts', 'request-lines.ts', 'prometheus.yml'];
  expect(snippets.map(({ path }) => path)).toEqual(names.map((name) => `${FOLDER}/${name}`));
  for (const { code, source } of snippets) expect(code).toBe(source);
});

describe('moving from @godaddy/terminus', () => {
  it('keeps the path of the probes, and ends in order (HLT-04, PRC-01)', async () => {
    const database = await testDatabase();
    closing.push(() => database.drop());
    Object.assign(process.env, { DATABASE_URL: database.url, SHUTDOWN_DELAY_MS: '300', PORT: '0' });
    const { server, shutdown } = await import('./moving-from/terminus.js');
    closing.push(() => shutdown.uninstall());
    const port = await portOf(server);
    await expect.poll(() => statusOf(port, '/healthcheck?x=1')).toBe(200);
    expect(await statusOf(port, '/health/live')).toBe(200);

    const ended = shutdown.shutdown('test');
    expect([await statusOf(port, '/healthcheck'), await statusOf(port, '/health/live')]).toEqual([503, 200]);
    const { exitCode, hooks } = await ended;
    expect({ exitCode, hooks: hooks.map(({ name }) => name) }).toEqual({ exitCode: 0, hooks: ['database'] });
  });
});

describe('moving from lightship', () => {
  it('has probes on a port of their own, without Express (X-62)', async () => {
    Object.assign(process.env, { LIGHTSHIP_PORT: '0', SHUTDOWN_DELAY_MS: '0' });
    const { probes, shutdown, traffic, sendInvoice } = await import('./moving-from/lightship.js');
    const port = await portOf(probes);
    expect([await statusOf(port, '/readyz'), await statusOf(port, '/livez')]).toEqual([503, 200]);
    shutdown.ready();
    expect([await statusOf(port, '/readyz'), await statusOf(port, '/other')]).toEqual([200, 404]);
    traffic.isWanted = false;
    expect([await statusOf(port, '/readyz'), await statusOf(port, '/livez')]).toEqual([503, 200]);
    traffic.isWanted = true;
    expect(await statusOf(port, '/readyz')).toBe(200);

    const order: string[] = [];
    let sent = (): void => undefined;
    const sending = new Promise<void>((resolve) => (sent = resolve));
    const invoice = sendInvoice(7, () => sending).then(() => order.push('invoice'));
    shutdown.add('one', () => order.push('one'));
    shutdown.add('other', () => order.push('other'));
    const ended = shutdown.shutdown('test');
    await expect.poll(() => statusOf(port, '/readyz')).toBe(503);
    expect(await statusOf(port, '/livez')).toBe(200);
    sent();
    const [{ exitCode }] = await Promise.all([ended, invoice]);
    expect({ exitCode, order }).toEqual({ exitCode: 0, order: ['invoice', 'other', 'one'] });
    await expect(statusOf(port, '/livez')).rejects.toThrow('fetch failed');
  });
});

describe('moving from express-prom-bundle', () => {
  it('has the metrics of both on one page, and routes by their template', async () => {
    new Counter({ name: 'orders_shipped_total', help: 'Of the service itself.' }).inc();
    collectDefaultMetrics();
    closing.push(() => register.clear());
    const { app } = await import('./moving-from/prom-bundle.js');
    await request(app).get('/orders/7').expect(200);
    await request(app).get('/nowhere/7').expect(404);
    const { text } = await request(app).get('/metrics?x=1').expect(200);
    for (const line of [
      'orders_shipped_total 1',
      'http_request_duration_seconds_count{method="GET",endpoint="/orders/:id",status="200"} 1',
      'http_request_duration_seconds_bucket{le="0.003",method="GET",endpoint="unmatched",status="404"}',
      'app_build_info{service="orders"',
    ]) {
      expect(text).toContain(line);
    }
  });

  it.skipIf(!promtool.isInstalled)('has a scrape job that Prometheus takes', () => {
    const said = promtool.exec(['check', 'config', '--syntax-only', join(ROOT, FOLDER, 'prometheus.yml')]);
    expect(said).toContain('SUCCESS');
  });
});

describe('moving from winston', () => {
  it('leaves calls as they are, and lines as the page shows them (X-63, LOG-08, LOG-49)', async () => {
    const dir = newFolder();
    process.env.LOG_DIR = dir;
    const { logger } = await import('./moving-from/winston.js');
    await logger.close();
    const written = readFileSync(join(dir, 'combined.log'), 'utf8').trim().split('\n');
    const page = readFileSync(join(ROOT, PAGE), 'utf8');
    const shown = /^`combined\.log` then has\n\n```text\n([^]*?)^```$/m.exec(page)?.[1]?.trim().split('\n') ?? [];
    expect(shown).toHaveLength(written.length);
    for (const [index, line] of written.entries()) expect(line).toMatch(patternOf(shown[index] ?? ''));
    expect(fileLines(dir, 'error.log').map(({ message }) => message)).toEqual(['Order failed', 'no nuts left']);
    expect(
      fileLines(dir, 'combined.log').map((line) => [line.service, line.environment, typeof line.timestamp]),
    ).toEqual(written.map(() => ['orders', 'production', 'string']));
  });

  it('loses nothing of a field called message, and takes an object for fields, as the page says', () => {
    const { logger, lines } = recorded({ schema: 'winston' });
    logger.info('told', { message: 'kept' });
    logger.info({ message: 'a field' });
    expect(lines()).toMatchObject([{ message: 'told', message_: 'kept' }, { message_: 'a field' }]);
    expect(logger).not.toHaveProperty('log');
  });
});

describe('moving from morgan, pino-http and express-winston', () => {
  it('has one line per request, ids in the lines of the handler, and errors told once', async () => {
    const { logger, lines } = recorded({ context: getContext });
    const { appWith } = await import('./moving-from/request-lines.js');
    const app = appWith(logger);
    await request(app).get('/orders/7?token=hunter2').set('X-Request-ID', 'r-1').expect(200);
    await request(app).get('/nowhere').set('X-Request-ID', 'r-2').expect(404);
    await expect.poll(() => lines().filter(({ msg }) => msg === 'Request completed')).toHaveLength(2);
    expect(lines().map(({ msg, requestId, userId }) => [msg, requestId, userId])).toEqual([
      ['Order looked up', 'r-1', '7'],
      ['Request completed', 'r-1', '7'],
      ['Request refused', 'r-2', undefined],
      ['Request completed', 'r-2', undefined],
    ]);
    expect(JSON.stringify(lines())).not.toContain('hunter2');
  });
});
