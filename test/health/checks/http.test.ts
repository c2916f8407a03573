import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import express from 'express';
import request from 'supertest';
import { afterEach, describe, expect, it } from 'vitest';
import { createHealthRouter, httpCheck, type HttpCheckOptions } from 'express-runbook';
import { recordingLogger } from '../../support/recording-logger.js';

const open: Server[] = [];
afterEach(() => {
  for (const server of open.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

/** Another service, on a real port. */
async function serviceThat(listener: RequestListener): Promise<string> {
  const server = createServer(listener).listen(0, '127.0.0.1');
  open.push(server);
  await once(server, 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

function answering(status: number): Promise<string> {
  return serviceThat((_req, res) => res.writeHead(status).end('body'));
}

async function resultOf(options: HttpCheckOptions) {
  // A busy machine may be slow itself.
  return (
    (await httpCheck({ degradedAboveMs: 60_000, ...options }).run(new AbortController().signal)) ?? {
      status: 'up' as const,
    }
  );
}

describe('httpCheck', () => {
  it('is up for 200 and 204, down for everything else, with the status code', async () => {
    for (const status of [200, 204])
      expect(await resultOf({ name: 'it', url: await answering(status) })).toEqual({ status: 'up' });
    for (const status of [302, 401, 404, 500, 503]) {
      expect(await resultOf({ name: 'it', url: await answering(status) })).toEqual({
        status: 'down',
        message: `it answered ${status}`,
        details: { statusCode: status },
      });
    }
  });

  it('takes other status codes when told so', async () => {
    const url = await answering(401);
    expect(await resultOf({ name: 'it', url, statuses: [401] })).toEqual({ status: 'up' });
  });

  it('sends the headers it was given, by GET, and gives up its request when it is told to', async () => {
    const seen: unknown[] = [];
    let isGivenUp = false;
    const deadline = new AbortController();
    const url = await serviceThat((req, res) => {
      seen.push([req.method, req.url, req.headers.authorization]);
      res.on('close', () => (isGivenUp = true));
      deadline.abort();
    });
    const check = httpCheck({ name: 'it', url: `${url}/ping?x=1`, headers: { Authorization: 'Bearer k' } });
    expect(await check.run(deadline.signal)).toMatchObject({ status: 'down', message: 'it is not reachable' });
    expect(seen).toEqual([['GET', '/ping?x=1', 'Bearer k']]);
    await expect.poll(() => isGivenUp).toBe(true);
  });

  it('has a deadline of its own when told so', async () => {
    const url = await serviceThat(() => undefined);
    const { checks } = await createHealthRouter({ checks: [httpCheck({ name: 'it', url, timeoutMs: 50 })] }).report();
    expect(checks).toMatchObject([{ status: 'down', reason: 'timeout', message: 'timed out after 50 ms' }]);
  });

  it('degrades above its limit', async () => {
    const url = await serviceThat((_req, res) => void setTimeout(() => res.end(), 15));
    expect(await resultOf({ name: 'it', url, degradedAboveMs: 5 })).toEqual({
      status: 'degraded',
      message: 'it took longer than 5 ms',
    });
  });

  it('is not critical unless told so, and shows neither address nor key (HLT-27)', async () => {
    const url = await answering(401);
    const [port, key] = [new URL(url).port, 'sk-live-hunter2'];
    const gone = `http://127.0.0.1:1/?api_key=${key}`;
    const checks = [
      httpCheck({ name: 'refusing', url, headers: { Authorization: `Bearer ${key}` } }),
      httpCheck({ name: 'gone', url: gone, headers: { Authorization: `Bearer ${key}` } }),
    ];
    const logger = recordingLogger();
    const app = express().use(createHealthRouter({ checks, logger, details: 'always' }));
    const { text, body } = await request(app).get('/health').expect(200);
    expect(body).toMatchObject({ status: 'degraded', details: { gone: { message: 'gone is not reachable' } } });
    expect(text).not.toMatch(new RegExp(`${port}|${key}|127\\.0\\.0\\.1`));
    const logged = logger.lines.map(({ fields }) => `${String(fields.err)} ${JSON.stringify(fields)}`);
    expect(logged.join()).not.toContain(key);
  });

  it.each<[string, object, RegExp]>([
    ['an address without scheme', { url: 'payments.example' }, /httpCheck\.url must be a URL that begins with http/],
    ['credentials in the address', { url: 'https://u:hunter2@x' }, /httpCheck\.url must not hold credentials.*headers/],
    ['a header that HTTP does not allow', { headers: { 'a b': 'hunter2' } }, /httpCheck\.headers must be names/],
    ['a status code that is none', { statuses: [42] }, /httpCheck\.statuses item 0 must be a whole number from 100/],
    ['no name', { name: undefined }, /httpCheck\.name is required/],
  ])('refuses %s, without showing it', (_what, wrong, message) => {
    const create = () => httpCheck({ name: 'it', url: 'https://x', ...wrong });
    expect(create).toThrow(message);
    expect(create).not.toThrow('hunter2');
  });
});
