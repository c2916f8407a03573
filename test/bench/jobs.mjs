// node test/bench/jobs.mjs: what a job of ours costs beside a bare one of graphile-worker that does as little. Ours keeps a row that
// tells how it stands, and logs and counts; theirs is gone when it is done. Method: docs/performance.md.
//   --quick            a smoke run; its figures mean little
import { readFileSync } from 'node:fs';
import { performance } from 'node:perf_hooks';
import { parseArgs } from 'node:util';
import { Logger, makeWorkerUtils, run } from 'graphile-worker';
import pg from 'pg';
import { Registry } from 'prom-client';
import { median } from './medians.mjs';

const FULL_RUN = { rounds: 15, jobs: 1000 };
const QUICK_RUN = { rounds: 2, jobs: 50 };
const CONCURRENCY = 4;

const { values } = parseArgs({ options: { quick: { type: 'boolean' } } });
const plan = values.quick ? QUICK_RUN : FULL_RUN;
const { createJobs } = await import('../../dist/jobs.js');
const { startEmbeddedPostgres } = await import('../../dist/testing.js');

const server = await startEmbeddedPostgres({ from: import.meta.url });
const pools = [];
try {
  await compare();
} finally {
  await Promise.all(pools.map((pool) => pool.end()));
  await server.stop();
}

/** Turn by turn, so that a neighbour's load falls on both alike. */
async function compare() {
  await newPool().query(readFileSync(new URL('../guides/jobs/table.sql', import.meta.url), 'utf8'));
  const contestants = { bare: await bare(), ours: ours() };
  const samples = { bare: [], ours: [] };
  for (const round of Object.values(contestants)) await round(Math.ceil(plan.jobs / 5));
  for (let turn = 0; turn < plan.rounds; turn++) {
    for (const name of Object.keys(contestants)) samples[name].push(await contestants[name](plan.jobs));
  }
  process.stdout.write(`${plan.jobs} jobs a round, ${CONCURRENCY} at a time, Node ${process.version}\n`);
  for (const stage of ['created', 'done']) {
    const of = (name) => median(samples[name].map((one) => one[stage]));
    const ratio = median(samples.ours.map((one, turn) => one[stage] / samples.bare[turn][stage]));
    const figures = `bare ${of('bare').toFixed(2)} ms, ours ${of('ours').toFixed(2)} ms, ratio ${ratio.toFixed(2)}`;
    process.stdout.write(`${stage.padEnd(8)} per job: ${figures}\n`);
  }
}

function newPool() {
  const pool = new pg.Pool({ connectionString: server.url, max: CONCURRENCY + 2 });
  pool.on('error', () => undefined);
  pool.on('connect', (client) => client.on('error', () => undefined));
  pools.push(pool);
  return pool;
}

async function bare() {
  const pgPool = newPool();
  const logger = new Logger(() => () => undefined);
  const { addJob } = await makeWorkerUtils({ pgPool, logger });
  const work = (handler) =>
    run({
      pgPool,
      logger,
      concurrency: CONCURRENCY,
      noHandleSignals: true,
      parsedCronItems: [],
      taskList: { bare: handler },
    });
  return (count) =>
    round(count, {
      create: () => addJob('bare', {}),
      start: work,
      stop: (runner) => runner.stop(),
    });
}

function ours() {
  const pool = newPool();
  const silent = () => undefined;
  const logger = { debug: silent, info: silent, warn: silent, error: silent, fatal: silent };
  const registry = new Registry();
  const make = (run) => createJobs({ pool, types: { ours: { run } }, concurrency: CONCURRENCY, logger, registry });
  const { create } = make(silent);
  return (count) =>
    round(count, {
      create: () => create('ours', {}),
      start: (handler) => {
        const jobs = make(handler);
        jobs.start();
        return jobs;
      },
      stop: (jobs) => jobs.close(),
    });
}

/** First all are created, then all are done; milliseconds per job of each. */
async function round(count, { create, start, stop }) {
  const createdFrom = performance.now();
  for (let job = 0; job < count; job++) await create();
  const created = (performance.now() - createdFrom) / count;
  let left = count;
  const { promise, resolve } = deferred();
  const doneFrom = performance.now();
  const worker = await start(() => {
    if (--left === 0) resolve();
  });
  await promise;
  const done = (performance.now() - doneFrom) / count;
  await stop(worker);
  return { created, done };
}

function deferred() {
  let resolve;
  const promise = new Promise((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}
