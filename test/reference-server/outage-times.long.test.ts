import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { EmbeddedPostgres } from 'express-runbook/testing';
import { launch, type ReferenceServer } from '../support/reference-server.js';
import { serverFolder, testServer } from '../support/postgres.js';

interface Prober {
  /** Milliseconds until readiness answers with this status; fails after 15 s. */
  until(status: number): Promise<number>;
  /** What liveness answered all the while, and how long the slowest answer took. */
  stop(): Promise<{ liveness: readonly number[]; slowestMs: number }>;
}

async function statusOf(url: string): Promise<number> {
  const response = await fetch(url);
  await response.arrayBuffer();
  return response.status;
}

/** Asks for liveness and readiness as an orchestrator does, only oftener. */
function probe({ url }: ReferenceServer): Prober {
  const liveness = new Set<number>();
  let slowestMs = 0;
  const over = new AbortController();
  const living = (async () => {
    while (!over.signal.aborted) {
      const askedAt = performance.now();
      liveness.add(await statusOf(`${url}/health/liveness`));
      slowestMs = Math.max(slowestMs, performance.now() - askedAt);
      await sleep(50);
    }
  })();
  return {
    async until(status) {
      const from = performance.now();
      while (performance.now() - from < 15_000) {
        if ((await statusOf(`${url}/health/readiness`)) === status) return performance.now() - from;
        await sleep(50);
      }
      throw new Error(`readiness did not become ${status} within 15 s`);
    },
    async stop() {
      over.abort();
      await living;
      return { liveness: [...liveness], slowestMs };
    },
  };
}

/** The postmaster and every process it has started: stopping it alone leaves the pooled connections served. */
function processesOf({ dataDir }: EmbeddedPostgres): number[] {
  const postmaster = Number(readFileSync(join(dataDir, 'postmaster.pid'), 'utf8').split('\n', 1)[0]);
  const children = execFileSync('ps', ['-o', 'pid=', '--ppid', String(postmaster)], { encoding: 'utf8' });
  return [postmaster, ...children.trim().split(/\s+/).map(Number)];
}

function signal(pids: readonly number[], name: NodeJS.Signals): void {
  for (const pid of pids) process.kill(pid, name);
}

describe('readiness follows the database in time, and liveness never does', () => {
  const { dataDir, remove } = serverFolder();
  let database: EmbeddedPostgres;
  let server: ReferenceServer;
  let pid: number | undefined;
  let prober: Prober;

  beforeAll(async () => {
    database = await testServer({ dataDir });
    server = await launch({ env: { DATABASE_URL: database.url } });
    pid = server.child.pid;
  });

  beforeEach(async () => {
    prober = probe(server);
    await prober.until(200);
  });

  afterEach(async () => {
    const { liveness, slowestMs } = await prober.stop();
    expect(liveness).toEqual([200]);
    // Generous: the tests share their processors.
    expect(slowestMs).toBeLessThan(1000);
    expect([server.child.pid, server.child.exitCode]).toEqual([pid, null]);
  });

  afterAll(async () => {
    await server.stop();
    await database.stop('immediate');
    remove();
  });

  it('that is frozen and goes on (F1, S9, S10, S11)', async ({ annotate }) => {
    const pids = processesOf(database);
    signal(pids, 'SIGSTOP');
    const away = await prober.until(503).finally(() => {
      signal(pids, 'SIGCONT');
    });
    const back = await prober.until(200);
    await annotate(`frozen: 503 after ${Math.round(away)} ms, 200 again after ${Math.round(back)} ms`);
    // A pass is repeated for 1 s, and an answer waits for 800 ms.
    expect(away).toBeLessThan(4000);
    expect(back).toBeLessThan(10_000);
  });

  it('of which one process after the other is killed with -9 (F3)', async ({ annotate }) => {
    let killed = 0;
    // The server takes nobody while it recovers, and the pool connects again when it is asked.
    const another = async (): Promise<number> => {
      await prober.until(200);
      const backend = await backendOf(database).catch(() => killed);
      return backend === killed ? 0 : backend;
    };
    const times: number[] = [];
    for (let round = 0; round < 3; round++) {
      const from = performance.now();
      await expect.poll(another, { timeout: 15_000 }).not.toBe(0);
      times.push(performance.now() - from);
      killed = await backendOf(database);
      process.kill(killed, 'SIGKILL');
    }
    await annotate(`killed processes: served again after ${times.slice(1).map(Math.round).join(' and ')} ms`);
    const { connectionPool } = ((await (await fetch(`${server.url}/health`)).json()) as Health).details.database;
    expect(connectionPool.total).toBeLessThanOrEqual(connectionPool.max);
  });

  it('that is killed with -9 and started again (F2, HLT-04, HLT-11)', async ({ annotate }) => {
    signal(processesOf(database), 'SIGKILL');
    await database.exit;
    const away = await prober.until(503);
    database = await testServer({ dataDir, port: database.port });
    const back = await prober.until(200);
    await annotate(`killed: 503 after ${Math.round(away)} ms, 200 again after ${Math.round(back)} ms`);
    expect(away).toBeLessThan(3000);
    expect(back).toBeLessThan(5000);
  });
});

interface Health {
  readonly details: { readonly database: { readonly connectionPool: { total: number; max: number } } };
}

/** A process that serves a connection of the reference server. */
async function backendOf({ url }: EmbeddedPostgres): Promise<number> {
  const client = new pg.Client({ connectionString: url });
  // The server resets every connection when one of its processes dies.
  client.on('error', () => undefined);
  await client.connect();
  try {
    const { rows } = await client.query<{ pid: number }>(
      `SELECT pid FROM pg_stat_activity WHERE application_name = 'builder-api' LIMIT 1`,
    );
    if (rows[0] === undefined) throw new Error('the reference server holds no connection');
    return rows[0].pid;
  } finally {
    await client.end();
  }
}
