import { execFile, execFileSync, spawnSync } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer as createHttps } from 'node:https';
import { createServer as createSilent, type AddressInfo } from 'node:net';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import express from 'express';
import { createHealthRouter, securityHeaders } from 'express-runbook';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DoctorReport } from '../../src/cli/doctor/report.js';
import { ROOT } from '../repo/source-files.js';
import { requireTool } from '../support/real-tools.js';
import { launch, REFERENCE_SERVER, type ReferenceServer } from '../support/reference-server.js';
import { startRedis } from '../support/redis.js';
import { runTask, seededDatabase } from '../support/seeded-database.js';
import { doctor, whileServing } from './doctor-calls.js';

const pgDump = requireTool('pg_dump');
const openssl = requireTool('openssl');
const redisServer = requireTool('redis-server');

interface Called {
  readonly exitCode: number;
  readonly report: DoctorReport;
  readonly stdout: string;
}

/** The built program in the folder of the reference server, as a process of its own. */
function called(args: readonly string[], env: Readonly<Record<string, string>>): Promise<Called> {
  const words = [join(ROOT, 'dist/cli.js'), 'doctor', ...args, '--json', '--dotenv', '/nonexistent/.env'];
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      words,
      { cwd: REFERENCE_SERVER, env: { PATH: process.env.PATH, ...env } },
      (error, stdout) => {
        const report = JSON.parse(stdout === '' ? '{}' : stdout) as DoctorReport;
        resolve({ exitCode: error === null ? 0 : Number(error.code), report, stdout });
      },
    );
  });
}

describe.skipIf(!pgDump.isInstalled)('the reference server', () => {
  let database: { url: string; drop: () => Promise<void> };
  let server: ReferenceServer;
  let folder: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'doctor-'));
    database = await seededDatabase();
    await runTask(database.url, 'backup', '--dir', folder);
    server = await launch({ env: { DATABASE_URL: database.url, SHUTDOWN_DELAY_MS: '20000', RATE_LIMIT_MAX: '1000' } });
  });
  afterAll(async () => {
    server.child.kill('SIGKILL');
    await Promise.all([database.drop(), rm(folder, { recursive: true })]);
  });

  const ask = (): Promise<Called> =>
    called([server.url, '--profile', 'dist/profile.js', '--replicas', '2'], {
      DATABASE_URL: database.url,
      BACKUP_DIR: folder,
      LOG_DIR: server.logDir,
      SHUTDOWN_KILL_AFTER_MS: '30000',
    });

  it('that is well gets no warning and no failure, and what was left out says why (T-01, INC-04)', async () => {
    // A machine that is busy elsewhere makes a probe slow, or an event loop late, for a moment.
    const isBad = ({ status }: { status: string }): boolean => status === 'WARN' || status === 'FAIL';
    let { exitCode, report } = await ask();
    for (let looks = 1; looks < 8 && report.checks.some(isBad); looks++) ({ exitCode, report } = await ask());
    expect(report.checks.filter(isBad)).toEqual([]);
    expect(exitCode).toBe(0);
    // Of this machine, over HTTP, not draining; and what there is no file for.
    const mayBeSkipped = [
      'database.encryption',
      'redis.version',
      'certificate.days',
      'security.https',
      'probes.draining',
    ];
    const withoutFile = ['systemd.unit', 'compose.grace-period'];
    const skipped = report.checks.filter(({ status }) => status === 'SKIP').map(({ id }) => id);
    expect(skipped.filter((id) => ![...mayBeSkipped, ...withoutFile].includes(id))).toEqual([]);
  });

  it('that was told to stop is seen to drain: readiness 503, liveness 200 (HLT-16)', async () => {
    server.child.kill('SIGTERM');
    await expect.poll(() => server.output()).toContain('SIGTERM received');
    const { exitCode, report } = await ask();
    const draining = report.checks.find(({ id }) => id === 'probes.draining');
    expect(draining?.findings).toMatchObject([
      { status: 'WARN', says: 'it drains: readiness 503, liveness 200, as it should be' },
    ]);
    expect(exitCode).toBeGreaterThan(0);
  });
});

describe.skipIf(!openssl.isInstalled)('a certificate', () => {
  const app = express().use(createHealthRouter());
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'doctor-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  /** Of an authority of its own, which the program is told to trust. */
  async function withCertificate(days: number, isTrusted: boolean, args: readonly string[]): Promise<Called> {
    const [key, cert] = [join(folder, `${days}.key`), join(folder, `${days}.pem`)];
    const made = [
      'req',
      '-x509',
      '-newkey',
      'ec',
      '-pkeyopt',
      'ec_paramgen_curve:prime256v1',
      '-nodes',
      '-keyout',
      key,
      '-out',
      cert,
      '-days',
      String(days),
    ];
    execFileSync('openssl', [...made, '-subj', '/CN=shop', '-addext', 'subjectAltName=IP:127.0.0.1'], {
      stdio: 'ignore',
    });
    const served = createHttps({ key: await readFile(key), cert: await readFile(cert) }, app);
    const env: Record<string, string> = isTrusted ? { NODE_EXTRA_CA_CERTS: cert } : {};
    return whileServing(served, (url) => called([url.replace('http:', 'https:'), ...args], env));
  }

  it('that is well gets nothing; one that ends soon or is not trusted is told of, and HTTPS without HSTS', async () => {
    const args = ['--only', 'certificate', '--only', 'security.https', '--only', 'service.answers'];
    const findings = ({ report }: Called): string[] =>
      report.checks.flatMap(({ id, findings: found }) => found.map(({ status, says }) => `${status} ${id} ${says}`));
    expect(findings(await withCertificate(90, true, args))).toEqual([
      expect.stringMatching(/^OK service\.answers/),
      expect.stringMatching(/^OK certificate\.days (89|90) days are left/),
      expect.stringMatching(/^WARN security\.https HTTPS, without Strict-Transport-Security/),
    ]);
    expect(findings(await withCertificate(15, true, args))[1]).toMatch(/^WARN certificate\.days 1[45] days are left/);
    expect(findings(await withCertificate(3, true, args))[1]).toMatch(/^FAIL certificate\.days [23] days are left/);
    app.use(securityHeaders());
    expect(findings(await withCertificate(60, true, args))[2]).toMatch(
      /^OK security\.https HTTPS, with Strict-Transport/,
    );
    const untrusted = findings(await withCertificate(60, false, args));
    expect(untrusted).toEqual([
      expect.stringMatching(/^FAIL service\.answers .*self-signed certificate/),
      expect.stringMatching(/^FAIL certificate\.days clients refuse it \(DEPTH_ZERO_SELF_SIGNED_CERT\)/),
      expect.stringMatching(/^SKIP security\.https/),
    ]);
  });
});

it.skipIf(!redisServer.isInstalled)(
  'a Redis is asked for its version; one that is too old is told of (CFG-51)',
  async () => {
    const redis = await startRedis();
    const real = await doctor(['--only', 'redis'], { env: { REDIS_URL: `redis://127.0.0.1:${redis.port}` } });
    await redis.end();
    expect(real.report.checks[0]?.findings).toMatchObject([
      { status: 'OK', says: expect.stringMatching(/^Redis [7-9]/) as string },
    ]);

    // There is none that old to be had: this one says nothing but its version.
    const info = '# Server\r\nredis_version:6.2.14\r\n';
    const answer = `$${info.length}\r\n${info}\r\n`;
    const commands = /\*\d+\r\n/g;
    const old = createSilent((socket) => {
      socket.on('data', (bytes) =>
        socket.write(
          bytes
            .toString()
            .match(commands)
            ?.map(() => answer)
            .join('') ?? '',
        ),
      );
    });
    old.listen(0, '127.0.0.1');
    await once(old, 'listening');
    const { port } = old.address() as AddressInfo;
    const { failed } = await doctor(['--only', 'redis'], { env: { REDIS_URL: `redis://127.0.0.1:${port}` } });
    old.close();
    expect(failed).toEqual(['redis.version: Redis 6.2.14: versions before 7 are not supported']);
  },
);

it('a probe for which no supervisor waits is told of', async () => {
  const app = express();
  app.use((req, _res, next) => void setTimeout(next, req.path === '/health' ? 850 : 0), createHealthRouter());
  const { failed } = await whileServing(app, (url) => doctor([url, '--only', 'probes.time']));
  expect(failed).toEqual([expect.stringMatching(/^probes\.time: \/health takes \d+ ms: a probe gives up after 1000$/)]);
});

it('a database that takes connections and says nothing ends the doctor in time', async () => {
  const silent = createSilent().listen(0, '127.0.0.1');
  await once(silent, 'listening');
  const { port } = silent.address() as AddressInfo;
  const startedAt = performance.now();
  const { exitCode, report } = await called(['--only', 'database', '--timeout', '2'], {
    DATABASE_URL: `postgres://app:hunter2@127.0.0.1:${port}/app`,
  });
  silent.close();
  expect(report.checks[0]).toMatchObject({ id: 'database.reachable', status: 'FAIL' });
  expect(exitCode).toBe(2);
  // Far above what it takes, far below for ever.
  expect(performance.now() - startedAt).toBeLessThan(30_000);
});

it.skipIf(process.getuid?.() !== 0)('a disk that is full is told of', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'doctor-'));
  const script = `mount -t tmpfs -o size=64k tmpfs "$0" && head -c 64000 /dev/zero > "$0/filler" && exec "$@"`;
  const words = [process.execPath, join(ROOT, 'dist/cli.js'), 'doctor', '--only', 'disk', '--json'];
  const env = { PATH: process.env.PATH, BACKUP_DIR: folder };
  const { stdout, stderr } = spawnSync('unshare', ['-m', 'sh', '-c', script, folder, ...words], {
    env,
    encoding: 'utf8',
  });
  await rm(folder, { recursive: true });
  // Not every container may have mounts of its own.
  if (stdout === '') expect(stderr).toMatch(/permission|not permitted/i);
  else expect(stdout).toMatch(/"FAIL",\s+"says": "BACKUP_DIR is on a disk with 0GB of 0GB free/);
});
