// node test/bench/cache.mjs: what a hit of a cache costs beside a bare get of what it stands on: lru-cache in memory, ioredis over
// loopback. By processor time and turn by turn, so that a neighbour's load falls on all alike. Needs redis-server.
//   --quick   a smoke run; its figures mean little
import { spawn } from 'node:child_process';
import { parseArgs } from 'node:util';
import { Redis } from 'ioredis';
import { LRUCache } from 'lru-cache';
import { Registry } from 'prom-client';
import { freePort } from '../campaign/processes.mjs';
import { median } from './medians.mjs';

const FULL_RUN = { rounds: 40, calls: { memory: 20_000, redis: 2000 }, warmUpRounds: 5 };
const QUICK_RUN = { rounds: 3, calls: { memory: 2000, redis: 200 }, warmUpRounds: 1 };
const CONCURRENCY = 10;
const KEY = 'user:7';
const VALUE = { id: 7, name: 'Ada', roles: ['reader', 'writer'], since: '2026-11-22T10:00:00.000Z' };
const TTL_MS = 3_600_000;

const { values } = parseArgs({ options: { quick: { type: 'boolean' } } });
const plan = values.quick ? QUICK_RUN : FULL_RUN;
const { createCache } = await import('../../dist/cache.js');

const port = await freePort();
const server = spawn('redis-server', ['--port', String(port), '--bind', '127.0.0.1', '--save', ''], { stdio: 'pipe' });
for await (const text of server.stdout.setEncoding('utf8')) if (text.includes('Ready to accept')) break;
server.stdout.resume();
const redis = new Redis({ port, host: '127.0.0.1', enableOfflineQueue: false, lazyConnect: true });
try {
  await redis.connect();
  await compare('memory', bareMemory(), {});
  await compare('redis', await bareRedis(), { redis });
} finally {
  redis.disconnect();
  server.kill('SIGKILL');
}

async function compare(where, bare, options) {
  const hit = async (more) => {
    const cache = createCache({ name: `bench-${where}`, ttlMs: TTL_MS, ...options, ...more });
    const ask = () => cache.cached(KEY, () => VALUE);
    await ask();
    return ask;
  };
  const variants = new Map([
    ['bare get', bare],
    ['bare get again', bare],
    ['hit', await hit({})],
    ['hit, with metrics', await hit({ registry: new Registry() })],
  ]);
  const samples = new Map([...variants.keys()].map((name) => [name, []]));
  for (let turn = -plan.warmUpRounds; turn < plan.rounds; turn++) {
    for (const [name, ask] of variants) {
      const micros = await round(ask, plan.calls[where]);
      if (turn >= 0) samples.get(name).push(micros);
    }
  }
  print(where, samples);
}

/** A promise as well: who asks a cache does not know where it is. */
function bareMemory() {
  const store = new LRUCache({ max: 500, ttl: TTL_MS });
  store.set(KEY, VALUE);
  return async () => store.get(KEY);
}

async function bareRedis() {
  await redis.set('bare', JSON.stringify(VALUE), 'PX', TTL_MS);
  return async () => JSON.parse(await redis.get('bare'));
}

async function round(ask, calls) {
  let left = calls;
  const worker = async () => {
    while (left-- > 0) await ask();
  };
  const cpu = process.cpuUsage();
  await Promise.all(Array.from({ length: CONCURRENCY }, worker));
  const { user, system } = process.cpuUsage(cpu);
  return (user + system) / calls;
}

function print(where, samples) {
  const bare = samples.get('bare get');
  process.stdout.write(
    `\n${where}, ${CONCURRENCY} at a time, Node ${process.version}: CPU µs per call, ratio to the bare get\n`,
  );
  for (const [name, taken] of samples) {
    const ratio = median(taken.map((micros, turn) => micros / bare[turn]));
    process.stdout.write(`${name.padEnd(20)}${median(taken).toFixed(2).padStart(8)}${ratio.toFixed(2).padStart(8)}\n`);
  }
}
