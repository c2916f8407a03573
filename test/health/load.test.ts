import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import express from 'express';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { createHealthRouter, type HealthOptions } from 'express-runbook';
import { testApp } from 'express-runbook/testing';
import { requireTool } from '../support/real-tools.js';

const ab = requireTool('ab');
const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

async function listening(app: express.Express): Promise<string> {
  const server = app.listen(0, '127.0.0.1');
  closing.push(() => server.close());
  await once(server, 'listening');
  // A listening TCP server has an address of this kind.
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** What the runbook types, with a limit of time. The server is in this process, so it must not be waited for at once. */
async function apacheBench(url: string): Promise<string> {
  const { stdout } = await promisify(execFile)('ab', ['-q', '-s', '10', '-n', '1000', '-c', '10', url]);
  return stdout;
}

describe.skipIf(!ab.isInstalled)('ab -n 1000 -c 10', () => {
  it.each([['/api/health'], ['/api/health/readiness']])(
    'on %s counts no failed request and runs each check once in a cache window (HLT-15, HLT-13, T-14)',
    async (path) => {
      const run = vi.fn(() => ({ status: 'up' as const, details: { random: Math.random() } }));
      const options: HealthOptions = { prefixes: ['/api'], details: 'always', version: '1.2.3' };
      const checks = [{ name: 'database', run }];
      const url = await listening(express().use(createHealthRouter({ ...options, checks, cacheTtlMs: 60_000 })));
      const output = await apacheBench(url + path);
      expect(output).toMatch(/Complete requests: +1000/);
      expect(output).toMatch(/Failed requests: +0\n/);
      expect(output).not.toContain('Non-2xx');
      // Readiness looks anew after a second; a busy machine may take longer than that for 1000 requests.
      expect(run.mock.calls.length).toBeLessThan(path === '/api/health' ? 2 : 60);
    },
  );

  it('on the whole stack is neither limited nor logged (HLT-14, HLT-15, SEC-05)', async () => {
    const { app, logs, settled, close } = testApp(() => undefined, { env: { RATE_LIMIT_MAX: '5' } });
    closing.push(close);
    const output = await apacheBench(`${await listening(app)}/api/health`);
    expect(output).toMatch(/Failed requests: +0\n/);
    expect(output).not.toContain('Non-2xx');
    await settled();
    expect(logs.filter({ url: '/api/health' })).toEqual([]);
  });
});
