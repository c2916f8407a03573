/* global performance */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { Redis } from 'ioredis';
import { succeeded } from '../../consumers/bounded-process.mjs';
import { ask, expectSame, freePort, tied, until } from '../processes.mjs';
import { createRig, faultProxy } from './rig.mjs';
import { quantile, seconds, watch } from './watch.mjs';

const CLI = fileURLToPath(new URL('../../../dist/cli.js', import.meta.url));
const EXAMPLE = fileURLToPath(new URL('../../../examples/reference-server/', import.meta.url));
const HOLD_MS = 4000;
/** What an outage of Redis may add to a request that is limited and cached. */
const ADDED_MS = 100;
const BACK_WITHIN_MS = 15_000;

/** The reference server whose limits and project list are kept in a real Redis, at the other end of a cable. */
async function withRedis(work) {
  const redis = await startRedis(await freePort());
  const cable = await faultProxy(`postgres://127.0.0.1:${redis.port}/`);
  const rig = await createRig({ env: { REDIS_URL: `redis://127.0.0.1:${new URL(cable.url).port}` } });
  try {
    const env = { PATH: process.env.PATH, DATABASE_URL: rig.postgres.url };
    for (const command of [['migrate', 'run'], ['seed']]) {
      await succeeded(process.execPath, [CLI, ...command, '--dotenv', '/nonexistent/.env'], { cwd: EXAMPLE, env });
    }
    return await work({ rig, redis, cable });
  } finally {
    await rig.close();
    await cable.close();
    redis.child.kill('SIGKILL');
  }
}

async function startRedis(port) {
  const args = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--enable-debug-command', 'yes'];
  const child = tied(spawn('redis-server', args, { stdio: ['ignore', 'pipe', 'inherit'] }));
  for await (const text of child.stdout.setEncoding('utf8')) if (text.includes('Ready to accept')) break;
  child.stdout.resume();
  const command = async (...words) => {
    const client = new Redis({ port, lazyConnect: true, retryStrategy: () => null, maxRetriesPerRequest: 0 });
    client.on('error', () => undefined);
    try {
      await client.connect();
      return await client.call(...words);
    } finally {
      client.disconnect();
    }
  };
  return { port, child, command };
}

/** Requests of one signed-in caller while it lasts: each is counted by the limiter and answered from the cache. */
async function askFor(ms, url, headers) {
  const answers = [];
  for (const endsAt = performance.now() + ms; performance.now() < endsAt; await sleep(20)) {
    answers.push(await ask(url, { headers }));
  }
  return answers;
}

async function signIn({ url }) {
  const body = JSON.stringify({ email: 'test@example.com', password: 'test123' });
  const headers = { 'Content-Type': 'application/json' };
  const { text } = await ask(`${url}/api/auth/login`, { method: 'POST', headers, body });
  return { Authorization: `Bearer ${JSON.parse(text).token}` };
}

/** Of the limiter, which tells each outage once, when it begins and when it is over. */
async function linesOfLimiter(server) {
  const told = (await server.lines()).map(({ msg }) => msg);
  const count = (text) => told.filter((one) => one === text).length;
  return [count('Limit goes on without Redis'), count('Limit counts in Redis again')];
}

function redisFault([about, inject, heal]) {
  return {
    id: 'F10',
    about: `Redis: ${about}`,
    skipped: () => (spawnSync('redis-server', ['--version']).error === undefined ? undefined : 'needs redis-server'),
    run: () =>
      withRedis(async (parts) => {
        const { server } = parts.rig;
        const headers = await signIn(server);
        const url = `${server.url}/api/projects`;
        await askFor(1000, url, headers);
        const before = await askFor(1000, url, headers);
        const eyes = await watch(parts.rig);
        const underWay = inject(parts);
        const during = await askFor(HOLD_MS, url, headers);
        await heal(parts);
        await underWay;
        const took = await until(
          'Redis counts again',
          async () => (await counted(parts, url, headers)) > 0,
          BACK_WITHIN_MS,
          250,
        );
        const after = await askFor(1000, url, headers);
        const statuses = new Set([...before, ...during, ...after].map(({ status }) => status));
        expectSame('statuses', [...statuses].join(), '200');
        const [usual, slow] = [quantile(before, 0.95), quantile(during, 0.95)];
        if (slow > usual + ADDED_MS) throw new Error(`requests took ${slow.toFixed(0)} ms, before ${usual.toFixed(0)}`);
        const worst = Math.max(...during.map(({ tookMs }) => tookMs));
        const [away, back] = await linesOfLimiter(server);
        if (away === 0 || away !== back) throw new Error(`the limiter said ${away} × away and ${back} × back`);
        return `p95 ${usual.toFixed(1)} → ${slow.toFixed(1)} ms, slowest ${worst.toFixed(0)} ms; shared again after ${seconds(took)}; told ${away} ×; ${await eyes.verdict()}`;
      }),
  };
}

/** By how much one request raises what Redis has counted. */
async function counted({ redis }, url, headers) {
  const total = async () => {
    const keys = await redis.command('KEYS', '*rate*').catch(() => []);
    const counts = await Promise.all(keys.map((key) => redis.command('GET', key).catch(() => 0)));
    return counts.reduce((sum, count) => sum + Number(count), 0);
  };
  const first = await total();
  await ask(url, { headers });
  return (await total()) - first;
}

const nothing = () => Promise.resolve();

export const REDIS_FAULTS = [
  ['busy for 5 s (DEBUG SLEEP)', ({ redis }) => redis.command('DEBUG', 'SLEEP', '5').catch(() => undefined), nothing],
  ['stopped (SIGSTOP)', ({ redis }) => redis.child.kill('SIGSTOP'), ({ redis }) => redis.child.kill('SIGCONT')],
  [
    'shut down, and started again',
    ({ redis }) => redis.command('SHUTDOWN', 'NOSAVE').catch(() => undefined),
    async ({ redis }) => {
      if (redis.child.exitCode === null) await once(redis.child, 'exit');
      Object.assign(redis, await startRedis(redis.port));
    },
  ],
  [
    'out of memory, and evicts nothing',
    async ({ redis }) => {
      await redis.command('CONFIG', 'SET', 'maxmemory-policy', 'noeviction');
      await redis.command('CONFIG', 'SET', 'maxmemory', '1mb');
    },
    ({ redis }) => redis.command('CONFIG', 'SET', 'maxmemory', '0'),
  ],
  ['out of reach (blackhole)', ({ cable }) => cable.freeze(), ({ cable }) => cable.pass()],
].map(redisFault);
