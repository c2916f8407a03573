/* global performance */
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { expectSame, freePort, tied } from '../processes.mjs';
import { createRig } from './rig.mjs';
import { watch } from './watch.mjs';

const FAULT_MS = 2500;
const ADDED_MS = 100;
/** Behind the limiter, which asks Redis, and answered without the database. */
const LIMITED = '/api/projects';

/** Everything that can befall it, one after the other: nobody gets an error, and nobody waits for it longer than once. */
export const REDIS_FAULTS = [
  {
    id: 'F10',
    about: 'Redis frozen, gone, full',
    async run() {
      const port = await freePort();
      let redis = await startRedis(port);
      const rig = await createRig({ env: { REDIS_URL: `redis://127.0.0.1:${port}` } });
      rig.onClose(() => redis.kill('SIGKILL'));
      try {
        const eyes = await watch(rig);
        const usual = await asked(eyes);
        expectSame('the limiter uses Redis', (await answerOf(port, 'dbsize')) > 0, true);
        const seen = [];
        const during = async (what, begin, end) => {
          await begin();
          const times = await asked(eyes);
          await end();
          const added = quantile(times, 0.9) - quantile(usual, 0.9);
          if (added > ADDED_MS) throw new Error(`${what}: ${added.toFixed(0)} ms more than usual`);
          seen.push(`${what} +${Math.max(0, added).toFixed(0)} ms`);
          await sleep(1500);
        };
        await during(
          'frozen',
          () => redis.kill('SIGSTOP'),
          () => redis.kill('SIGCONT'),
        );
        await during(
          'gone',
          async () => {
            redis.kill('SIGKILL');
            await once(redis, 'exit');
          },
          async () => {
            redis = await startRedis(port);
          },
        );
        await during(
          'full',
          () => tell(port, 'config', 'set', 'maxmemory', '1'),
          () => tell(port, 'config', 'set', 'maxmemory', '0'),
        );
        const back = await asked(eyes);
        expectSame('afterwards', quantile(back, 0.9) - quantile(usual, 0.9) <= ADDED_MS, true);
        const said = (await rig.server.lines()).map(({ msg }) => msg);
        for (const line of ['Redis is away', 'Redis is back']) expectSame(line, said.includes(line), true);
        return `${seen.join(', ')}; ${await eyes.verdict()}`;
      } finally {
        await rig.close();
      }
    },
  },
];

async function startRedis(port) {
  const args = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no', '--dir', '/tmp'];
  const server = tied(spawn('redis-server', args, { stdio: ['ignore', 'pipe', 'ignore'] }));
  for await (const text of server.stdout.setEncoding('utf8').iterator({ destroyOnReturn: false }))
    if (text.includes('Ready to accept')) break;
  server.stdout.resume();
  return server;
}

async function tell(port, ...words) {
  expectSame(words.join(' '), await answerOf(port, ...words), 'OK');
}

async function answerOf(port, ...words) {
  const { stdout } = await promisify(execFile)('redis-cli', ['-p', String(port), ...words]);
  return stdout.trim();
}

/** How long each answer took; one that is not the usual refusal is an error. */
async function asked(eyes) {
  const times = [];
  for (const end = performance.now() + FAULT_MS; performance.now() < end; await sleep(20)) {
    const { status, tookMs } = await eyes.request(LIMITED);
    expectSame('the answer', status, 401);
    times.push(tookMs);
  }
  return times;
}

function quantile(times, share) {
  return times.toSorted((one, other) => one - other)[Math.floor(times.length * share)];
}
