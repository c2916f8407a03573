import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer as createTcpServer, type AddressInfo, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createServer } from 'node:tls';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { certificateCheck, createHealthRouter, type CertificateCheckOptions } from 'express-runbook';
import { requireTool } from '../../support/real-tools.js';

const DAY_MS = 86_400_000;
const openssl = requireTool('openssl');

describe.skipIf(!openssl.isInstalled)('certificateCheck (MET-32)', () => {
  let server: Server;
  const folder = mkdtempSync(join(tmpdir(), 'certificate-'));

  beforeAll(async () => {
    const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
    const subject = ['-nodes', '-subj', '/CN=localhost', '-days', '30', '-keyout', key, '-out', cert];
    execFileSync('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', ...subject], {
      stdio: 'ignore',
    });
    server = createServer({ key: readFileSync(key), cert: readFileSync(cert) }).listen(0, '127.0.0.1');
    await once(server, 'listening');
  });

  afterAll(() => {
    server.close();
    rmSync(folder, { recursive: true });
  });

  function check(daysFromNow: number, options: Partial<CertificateCheckOptions> = {}) {
    const { port } = server.address() as AddressInfo;
    const now = () => Date.now() + daysFromNow * DAY_MS;
    return certificateCheck({ host: 'localhost', port, now, ...options }).run(new AbortController().signal);
  }

  it.each([
    [0, 'up', 29],
    [8.9, 'up', 21],
    [9.1, 'degraded', 20],
    [25, 'degraded', 4],
    [31, 'down', -1],
  ])('after %f of its 30 days is %s, with %i days left', async (days, status, daysLeft) => {
    const result = await check(days);
    expect(result).toMatchObject({ status, details: { daysLeft } });
    expect(result?.details?.endsAt).toMatch(/^\d{4}-\d\d-\d\dT.*Z$/);
  });

  it('is down below the critical bound only when the service declared it critical', async () => {
    expect(await check(22, { critical: true })).toMatchObject({ status: 'degraded' });
    expect(await check(24, { critical: true })).toMatchObject({ status: 'down' });
  });

  it('is down within the deadline when nobody answers, or nobody says anything', async () => {
    const silent = createTcpServer((socket) => socket.resume()).listen(0, '127.0.0.1');
    await once(silent, 'listening');
    const { port } = silent.address() as AddressInfo;
    const health = createHealthRouter({
      checks: [
        certificateCheck({ host: '127.0.0.1', port, name: 'silent' }),
        certificateCheck({ host: '127.0.0.1', port: 1, name: 'absent' }),
      ],
      timeoutMs: 100,
    });
    const { checks } = await health.report();
    expect(checks).toMatchObject([
      { name: 'silent', status: 'down', reason: 'timeout' },
      { name: 'absent', status: 'down', message: 'absent is not reachable' },
    ]);
    // The connection of the run that was given up is gone.
    await expect.poll(() => new Promise((resolve) => silent.getConnections((_error, count) => resolve(count)))).toBe(0);
    silent.close();
  });

  it('refuses bounds the wrong way round', () => {
    expect(() => certificateCheck({ host: 'x', warnDays: 3, criticalDays: 5 })).toThrow(
      'certificateCheck.warnDays must not be below criticalDays (5), got 3',
    );
  });
});
