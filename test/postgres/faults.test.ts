import express from 'express';
import { spawnSync } from 'node:child_process';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { availableParallelism, loadavg } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { Registry } from 'prom-client';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createHealthRouter, databaseCheck, errorHandler } from 'express-runbook';
import { createPool, type ObservedPool } from 'express-runbook/postgres';
import { faultProxy, type FaultProxy } from '../support/fault-proxy.js';
import { serverFolder, testServer } from '../support/postgres.js';
import { recordingLogger } from '../support/recording-logger.js';

const MAX = 4;
const CONNECTION_TIMEOUT_MS = 400;
const QUERY_TIMEOUT_MS = 400;
// Every 100 ms; in production a probe comes every few seconds.
const PROBE_PERIOD_MS = 100;
/** What the machine may add: more when it has far more to do than it has processors. */
const SLACK_MS = (loadavg()[0] ?? 0) > 2 * availableParallelism() ? 6000 : 1000;

type Postgres = Awaited<ReturnType<typeof testServer>>;

const folder = serverFolder();
let postgres: Postgres;
let proxy: FaultProxy;

beforeAll(async () => {
  postgres = await testServer({ dataDir: folder.dataDir, settings: { max_connections: 20 } });
  proxy = await faultProxy(postgres.url);
});
afterAll(async () => {
  await proxy.close();
  await postgres.stop();
  folder.remove();
});

async function admin<Result>(work: (client: pg.Client) => Promise<Result>): Promise<Result> {
  const client = new pg.Client(postgres.url);
  client.on('error', () => undefined);
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

const pidsOf = async (what: string): Promise<number[]> =>
  admin(async (client) => {
    const { rows } = await client.query<{ pid: number }>(
      `select pid from pg_stat_activity where ${what} and pid <> pg_backend_pid()`,
    );
    return rows.map(({ pid }) => pid);
  });

/** The service under test: readiness, and a route that asks the database. */
interface Service {
  readonly url: string;
  readonly pool: ObservedPool;
  close(): Promise<void>;
}

async function startService(url: string): Promise<Service> {
  const pool = createPool({
    connectionString: url,
    max: MAX,
    connectionTimeoutMs: CONNECTION_TIMEOUT_MS,
    statementTimeoutMs: 300,
    lockTimeoutMs: 200,
    queryTimeoutMs: QUERY_TIMEOUT_MS,
    applicationName: 'service',
  });
  const app = express();
  app.use(createHealthRouter({ checks: [databaseCheck({ pool })], cacheTtlMs: 0, timeoutMs: 500 }));
  app.get('/rows', async (_req, res) => {
    res.json((await pool.query('select 1 as one')).rows);
  });
  app.get('/locked', async (_req, res) => {
    res.json((await pool.query('select * from locked')).rows);
  });
  app.use(errorHandler({ logger: recordingLogger() }));
  const server: Server = createServer(app);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    pool,
    async close() {
      await pool.close({ timeoutMs: 0 });
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

let service: Service;
beforeEach(async () => {
  service = await startService(proxy.url);
});
afterEach(async () => {
  proxy.pass();
  await service.close();
});

const statusOf = async (path: string): Promise<number> => (await fetch(service.url + path)).status;

/** Milliseconds until readiness answers so, asked once per probe period. */
async function readyIs(status: number): Promise<number> {
  const startedAt = performance.now();
  for (;;) {
    if ((await statusOf('/health/ready')) === status) return performance.now() - startedAt;
    if (performance.now() - startedAt > 10_000) throw new Error(`readiness was never ${status}`);
    await sleep(PROBE_PERIOD_MS);
  }
}

/** Callers that ask all the time, and what they were told how late. */
function load(path = '/rows'): { stop: () => Promise<{ slowestMs: number; statuses: Set<number> }> } {
  let isOver = false;
  let slowestMs = 0;
  const statuses = new Set<number>();
  const caller = async (): Promise<void> => {
    while (!isOver) {
      const startedAt = performance.now();
      statuses.add(await statusOf(path).catch(() => 0));
      slowestMs = Math.max(slowestMs, performance.now() - startedAt);
      await sleep(10);
    }
  };
  const callers = Promise.all(Array.from({ length: 8 }, caller));
  return {
    async stop() {
      isOver = true;
      await callers;
      return { slowestMs, statuses };
    },
  };
}

/** Brings the fault about and says how it is ended. */
type Fault = () => Promise<() => unknown>;

/** The postmaster first: it would make new ones. Then its children, those that still start up included. */
function freezeAll(): Promise<() => void> {
  process.kill(postgres.pid, 'SIGSTOP');
  const { stdout } = spawnSync('pgrep', ['-P', String(postgres.pid)], { encoding: 'utf8' });
  const pids = stdout.trim().split('\n').map(Number);
  expect(pids.length).toBeGreaterThan(MAX);
  for (const pid of pids) kill(pid, 'SIGSTOP');
  return Promise.resolve(() => {
    for (const pid of [postgres.pid, ...pids]) kill(pid, 'SIGCONT');
  });
}

/** One that has just ended by itself is gone. */
function kill(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    expect(error).toMatchObject({ code: 'ESRCH' });
  }
}

const network =
  (fault: () => void): Fault =>
  () => {
    fault();
    return Promise.resolve(() => proxy.pass());
  };

const OUTAGES: [string, Fault][] = [
  ['a server that is frozen, every process of it (F1)', freezeAll],
  [
    'a server that is killed and started again (F2)',
    async () => {
      process.kill(postgres.pid, 'SIGKILL');
      await postgres.exit;
      return async () => {
        const { port } = postgres;
        postgres = await testServer({ dataDir: folder.dataDir, port, settings: { max_connections: 20 } });
      };
    },
  ],
  ['a partition (F5)', network(() => proxy.partition())],
  ['a network that holds everything up (F5)', network(() => proxy.freeze())],
  ['a network that is too slow (F7)', network(() => proxy.slow(1000))],
  [
    'connections that are cut after 50 bytes (F7)',
    network(() => {
      proxy.cut();
      proxy.cutAfter(50);
    }),
  ],
  ['a port that refuses', network(() => proxy.refuse())],
];

describe('an outage', () => {
  it.each(OUTAGES)('by %s is 503 in time, holds up nobody, and is over when it is over', survives);
});

/** Set by the campaign, which gives these tests a network of their own: rules of the kernel would hit everybody's. */
const HAS_OWN_NETWORK = process.env.TEST_OWN_NETWORK === '1';

/** What `iptables` does with every packet to the server; the proxy is not in between. */
const byKernel =
  (...target: string[]): Fault =>
  () => {
    const rule = ['-i', 'lo', '-p', 'tcp', '--dport', String(postgres.port), '-j', ...target];
    iptables('-I', 'INPUT', ...rule);
    return Promise.resolve(() => iptables('-D', 'INPUT', ...rule));
  };

function iptables(...args: string[]): void {
  const { status, stderr, error } = spawnSync('iptables', args, { encoding: 'utf8' });
  expect([status, stderr, error]).toEqual([0, '', undefined]);
}

describe.runIf(HAS_OWN_NETWORK)('an outage that the kernel makes (F6)', () => {
  beforeEach(async () => {
    await service.close();
    service = await startService(postgres.url);
  });

  it.each<[string, Fault]>([
    ['packets that are dropped', byKernel('DROP')],
    ['packets that are answered by a reset', byKernel('REJECT', '--reject-with', 'tcp-reset')],
  ])('by %s is 503 in time, holds up nobody, and is over when it is over', survives);
});

async function survives(title: string, fault: Fault): Promise<void> {
  await readyIs(200);
  const callers = load();
  await sleep(50);
  const heal = await fault();
  const notReadyMs = await readyIs(503);
  await sleep(QUERY_TIMEOUT_MS);
  await heal();
  const recoveredMs = await readyIs(200);
  const { slowestMs, statuses } = await callers.stop();
  figures(title, notReadyMs, slowestMs, recoveredMs);

  expect(notReadyMs).toBeLessThan(CONNECTION_TIMEOUT_MS + QUERY_TIMEOUT_MS + SLACK_MS);
  expect(slowestMs).toBeLessThan(CONNECTION_TIMEOUT_MS + QUERY_TIMEOUT_MS + SLACK_MS);
  expect(recoveredMs).toBeLessThan(PROBE_PERIOD_MS + QUERY_TIMEOUT_MS + SLACK_MS);
  expect([...statuses].sort()).toEqual([200, 503]);
  await settled();
}

/** Nobody waits, nobody holds, and the server sees no more of us than the pool may have. */
async function settled(): Promise<void> {
  const { pool } = service;
  await expect.poll(() => [pool.waitingCount, pool.totalCount - pool.idleCount]).toEqual([0, 0]);
  await expect.poll(async () => (await pidsOf("application_name = 'service'")).length).toBeLessThanOrEqual(MAX);
}

describe('the loss of connections alone', () => {
  it.each<[string, () => Promise<unknown>]>([
    [
      'kill -9 of a backend, which restarts them all (F3)',
      async () => {
        const [pid] = await pidsOf("application_name = 'service'");
        process.kill(pid!, 'SIGKILL');
      },
    ],
    [
      'pg_terminate_backend of all (F4)',
      () =>
        admin((client) =>
          client.query(
            "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'service' and pid <> pg_backend_pid()",
          ),
        ),
    ],
    ['a reset of all', network(() => proxy.cut())],
    ['all being half open', network(() => proxy.halfOpen())],
  ])('by %s costs at most the calls on them', async (_title, fault) => {
    await readyIs(200);
    const callers = load();
    await sleep(50);
    await fault();
    await sleep(QUERY_TIMEOUT_MS);
    const recoveredMs = await readyIs(200);
    const { slowestMs, statuses } = await callers.stop();
    figures(_title, undefined, slowestMs, recoveredMs);

    expect(slowestMs).toBeLessThan(CONNECTION_TIMEOUT_MS + QUERY_TIMEOUT_MS + SLACK_MS);
    expect(recoveredMs).toBeLessThan(PROBE_PERIOD_MS + QUERY_TIMEOUT_MS + SLACK_MS);
    expect([200, 503]).toEqual(expect.arrayContaining([...statuses]));
    await settled();
  });
});

/** COPY from here, held open: the one form of a query in which the server waits for us. */
class CopyIn {
  readonly isOpen: Promise<void>;
  readonly ended: Promise<void>;
  private open!: () => void;
  private fail!: (error: Error) => void;

  constructor(private readonly text: string) {
    this.isOpen = new Promise((resolve) => (this.open = resolve));
    this.ended = new Promise((_resolve, reject) => (this.fail = reject));
  }
  submit(connection: pg.Connection): void {
    connection.query(this.text);
  }
  handleCopyInResponse(): void {
    this.open();
  }
  handleError(error: Error): void {
    this.fail(error);
  }
  handleReadyForQuery(): void {
    this.fail(new Error('the COPY is over and nobody said so'));
  }
}

/** What the server still said, or that the connection is gone: in pg's own words where the reader is not ours. */
const toldTheEnd = ({ code, message }: Error & { code?: string }): boolean =>
  /57P0[12]|ERR_POOL_CONNECTION_LOST|Connection terminated unexpectedly/.test(`${code} ${message}`);

/** What a connection may be in the middle of: begins it, and says how its caller will hear of the end. */
const OCCUPATIONS: [string, (client: pg.PoolClient) => Promise<{ ended: Promise<unknown> }>][] = [
  [
    'LISTEN, waiting for a notification',
    async (client) => {
      await client.query('listen jobs');
      const gone = new Promise((resolve) => client.once('end', () => resolve(undefined)));
      return { ended: gone.then(() => client.query('select 1')) };
    },
  ],
  [
    'LISTEN, with a query under way',
    async (client) => {
      await client.query('listen jobs');
      return { ended: client.query('select pg_sleep(30)') };
    },
  ],
  [
    'COPY to here, between its rows',
    async (client) => {
      await client.query('select 1');
      return { ended: client.query('copy (select pg_sleep(0.01), n from generate_series(1, 3000) n) to stdout') };
    },
  ],
  [
    'COPY from here',
    async (client) => {
      await client.query('create temp table copied (n int)');
      const copy = new CopyIn('copy copied from stdin');
      client.query(copy);
      await copy.isOpen;
      return copy;
    },
  ],
];

const ENDINGS: [string, (pid: number) => Promise<unknown>][] = [
  ['pg_terminate_backend', (pid) => admin((client) => client.query('select pg_terminate_backend($1)', [pid]))],
  ['kill -9', (pid) => Promise.resolve(process.kill(pid, 'SIGKILL'))],
];

describe.each(ENDINGS)('%s of a backend (F3, F4)', (_how, end) => {
  it.each(OCCUPATIONS)(
    'in %s: the caller hears of it, the process lives, the next one is served',
    async (_in, begin) => {
      const registry = new Registry();
      const pool = createPool({ connectionString: postgres.url, max: 1, registry, queryTimeoutMs: 20_000 });
      const client = await pool.connect();
      const { rows } = await client.query<{ pid: number }>('select pg_backend_pid() as pid');
      const { ended } = await begin(client);
      const heard = expect(ended).rejects.toSatisfy(toldTheEnd);
      await end(rows[0]!.pid);
      await heard;
      client.release();
      // After kill -9 the server ends all others too, and is away until it has recovered.
      await expect
        .poll(() =>
          pool.query('select 1 as one').then(
            (answer) => answer.rows,
            () => [],
          ),
        )
        .toEqual([{ one: 1 }]);
      expect(await registry.metrics()).toMatch(/^db_pool_closed_total\{pool="default",reason="lost"\} [1-9]/m);
      expect([pool.totalCount, pool.idleCount, pool.waitingCount]).toEqual([1, 1, 0]);
      await pool.close();
    },
  );
});

describe('a server that has no connection left (F8)', () => {
  it('is 503 with the error of the server, and over as soon as one is free', async () => {
    const crowd: pg.Client[] = [];
    for (;;) {
      const client = new pg.Client(postgres.url);
      client.on('error', () => undefined);
      try {
        await client.connect();
        crowd.push(client);
      } catch (error) {
        expect(error).toMatchObject({ code: '53300' });
        break;
      }
    }
    await expect(service.pool.query('select 1')).rejects.toMatchObject({ code: '53300' });
    expect([await statusOf('/rows'), await statusOf('/health/ready')]).toEqual([503, 503]);
    await Promise.all(crowd.map((client) => client.end()));
    const recoveredMs = await readyIs(200);
    figures('slots exhausted', undefined, undefined, recoveredMs);
    expect(await statusOf('/rows')).toBe(200);
  });
});

describe('a lock storm (F9)', () => {
  it('fails who waits for the lock, in time, and leaves room for others', async () => {
    await admin((client) => client.query('create table if not exists locked ()'));
    await admin(async (client) => {
      await client.query('begin; lock table locked');
      const blocked = load('/locked');
      const others = load('/rows');
      await sleep(800);
      const [stuck, free] = [await blocked.stop(), await others.stop()];
      figures('lock storm, blocked route', undefined, stuck.slowestMs, undefined);
      figures('lock storm, other route', undefined, free.slowestMs, undefined);
      expect([...stuck.statuses]).toEqual([503]);
      expect(free.statuses).toContain(200);
      expect(Math.max(stuck.slowestMs, free.slowestMs)).toBeLessThan(
        CONNECTION_TIMEOUT_MS + QUERY_TIMEOUT_MS + SLACK_MS,
      );
      await client.query('rollback');
    });
    expect(await statusOf('/locked')).toBe(200);
    await settled();
  });
});

/** With FIGURES=1: for the record. */
function figures(fault: string, notReady?: number, settle?: number, recover?: number): void {
  if (process.env.FIGURES !== '1') return;
  const shown = [notReady, settle, recover].map((ms) => (ms === undefined ? '-' : ms.toFixed(0)).padStart(6));
  process.stdout.write(`FIGURES ${fault.padEnd(60)} 503 ${shown[0]}  settled ${shown[1]}  recovered ${shown[2]} ms\n`);
}
