// node test/bench/pool.mjs: what observing a pool costs, by `SELECT 1` at equal concurrency (P7). Method: docs/performance.md.
//   --quick            a smoke run; its figures mean little
import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import pg from 'pg';
import { Registry } from 'prom-client';
import { median } from './medians.mjs';

const MAX = 10;
const GOAL = 1.05;
const REACH_FOR = 1.02;
const FULL_RUN = { rounds: 60, roundMs: 250, warmUpMs: 2000, concurrencies: [1, 10, 50] };
const QUICK_RUN = { rounds: 5, roundMs: 100, warmUpMs: 500, concurrencies: [10] };

const { values } = parseArgs({ options: { quick: { type: 'boolean' } } });
const plan = values.quick ? QUICK_RUN : FULL_RUN;
const { createPool } = await import('../../dist/postgres.js');
const { startEmbeddedPostgres } = await import('../../dist/testing.js');

const server = await startEmbeddedPostgres({ from: import.meta.url });
try {
  for (const concurrency of plan.concurrencies) await compare(concurrency);
} finally {
  await server.stop();
}

/** Turn by turn, so that a neighbour's load falls on all alike; the raw pool twice, to see what chance alone does. */
async function compare(concurrency) {
  const pools = poolsTo(server.url);
  const samples = new Map([...pools.keys()].map((name) => [name, []]));
  for (const pool of pools.values()) await round(pool, concurrency, plan.warmUpMs);
  for (let turn = 0; turn < plan.rounds; turn++) {
    for (const [name, pool] of pools) samples.get(name).push(await round(pool, concurrency, plan.roundMs));
  }
  await Promise.all([...pools.values()].map((pool) => pool.end()));
  print(concurrency, samples);
}

function poolsTo(connectionString) {
  const raw = () => new pg.Pool({ connectionString, max: MAX });
  const timeouts = { connectionTimeoutMillis: 2000, query_timeout: 31_000, statement_timeout: 30_000 };
  return new Map([
    ['raw', raw()],
    ['raw again', raw()],
    ['raw with our time-outs', new pg.Pool({ connectionString, max: MAX, ...timeouts })],
    ['createPool', createPool({ connectionString, max: MAX })],
    ['createPool with metrics', createPool({ connectionString, max: MAX, registry: new Registry() })],
    [
      'createPool with metrics and leak detection',
      createPool({ connectionString, max: MAX, registry: new Registry(), leakThresholdMs: 60_000 }),
    ],
  ]);
}

async function round(pool, concurrency, durationMs) {
  // What the last variant left behind is not this one's.
  await sleep(5);
  let queries = 0;
  const cpu = process.cpuUsage();
  const startedAt = performance.now();
  const endsAt = startedAt + durationMs;
  const askAgain = async () => {
    while (performance.now() < endsAt) {
      await pool.query('SELECT 1');
      queries++;
    }
  };
  await Promise.all(Array.from({ length: concurrency }, askAgain));
  const seconds = (performance.now() - startedAt) / 1000;
  const { user, system } = process.cpuUsage(cpu);
  return { perSecond: queries / seconds, cpuMicros: (user + system) / queries };
}

function print(concurrency, samples) {
  const of = (name, figure) => median(samples.get(name).map((one) => one[figure]));
  const ratio = (name) =>
    median(samples.get(name).map((one, turn) => samples.get('raw')[turn].perSecond / one.perSecond));
  process.stdout.write(`\n${concurrency} at a time, ${MAX} connections, Node ${process.version}\n`);
  for (const name of samples.keys()) {
    const figures = [of(name, 'perSecond').toFixed(0), of(name, 'cpuMicros').toFixed(1), ratio(name).toFixed(3)];
    process.stdout.write(`${name.padEnd(44)}${figures.map((figure) => figure.padStart(10)).join('')}\n`);
  }
  const measured = ratio('createPool with metrics');
  const verdict = measured <= REACH_FOR ? 'reached, and what we reach for' : measured <= GOAL ? 'reached' : 'missed';
  process.stdout.write(`P7 time per query against raw ${measured.toFixed(3)}, goal ${GOAL}: ${verdict}\n`);
}
