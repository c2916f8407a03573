/* global performance */
import { spawn, spawnSync } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { finished } from '../../consumers/bounded-process.mjs';
import { testsPass } from '../node-versions.mjs';
import { ask, expectSame, freePort, samplesIn, startServer, sum, tied, until } from '../processes.mjs';
import { stopUnderLoad } from './endings.mjs';
import { createRig, memoryOf } from './rig.mjs';
import { seconds, watch } from './watch.mjs';

const CLI = fileURLToPath(new URL('../../../dist/cli.js', import.meta.url));
const EXAMPLE = fileURLToPath(new URL('../../../examples/reference-server/', import.meta.url));
const SOAK_MS = 10 * 60_000;
const NAME_SERVER = '127.0.0.7';

export const MACHINE_FAULTS = [
  {
    id: 'F34',
    about: 'one processor shared with 4 busy loops',
    run: async () => {
      const busy = [];
      const loop = () => tied(spawn('taskset', ['-c', '0', process.execPath, '-e', 'for (;;);'], { stdio: 'ignore' }));
      const whenReady = () => {
        for (let count = 0; count < 4; count++) busy.push(loop());
      };
      try {
        // Not nicer than they are: nice 19 would leave it 4 ms of every second, in which nobody is served with or without a signal.
        const command = ['taskset', '-c', '0', process.execPath];
        const clients = { path: '/dev/slow?ms=50', keepAlive: 15, fresh: 5, thinkMs: 1000 };
        return await stopUnderLoad({ command, delayMs: 8000, clients, whenReady });
      } finally {
        for (const child of busy) child.kill('SIGKILL');
      }
    },
  },
  {
    id: 'F35',
    about: 'name server does not answer',
    skipped: () => (process.getuid() === 0 ? undefined : 'needs root, for a resolv.conf and a port 53 of its own'),
    run: async () => {
      const folder = await mkdtemp(join(tmpdir(), 'campaign-names-'));
      const silent = createSocket('udp4').bind(53, NAME_SERVER);
      await once(silent, 'listening');
      await writeFile(join(folder, 'resolv.conf'), `nameserver ${NAME_SERVER}\n`);
      const mount = 'mount --bind "$0" /etc/resolv.conf && exec "$@"';
      const command = ['unshare', '-m', 'sh', '-c', mount, join(folder, 'resolv.conf'), process.execPath];
      const env = { PINECONE_INDEX_URL: 'http://index.example.com', PINECONE_API_KEY: 'key', UV_THREADPOOL_SIZE: '4' };
      const rig = await createRig({ command, env });
      try {
        const eyes = await watch(rig);
        const asked = await Promise.all(Array.from({ length: 20 }, () => ask(`${rig.server.url}/health`)));
        const slowest = Math.max(...asked.map(({ tookMs }) => tookMs));
        if (slowest > 2000) throw new Error(`/health took ${seconds(slowest)}`);
        if (!asked[0].text.includes('pinecone')) throw new Error('the service that cannot be resolved is not checked');
        await sleep(8000);
        return `/health within ${seconds(slowest)}; ${await eyes.verdict()}`;
      } finally {
        await rig.close();
        silent.close();
        await rm(folder, { recursive: true, force: true });
      }
    },
  },
  {
    id: 'F36',
    about: 'webhooks that never answer, answer for ever, redirect inside, ask for a day, and hang up',
    run: () => testsPass([process.execPath], ['test/alerts/hostile-webhooks'], { ...process.env, LONG_TESTS: '1' }),
  },
  {
    id: 'F37',
    about: 'a real Prometheus while the database is away and back',
    skipped: () => (spawnSync('prometheus', ['--version']).error === undefined ? undefined : 'needs prometheus'),
    run: async () => {
      const rig = await createRig();
      try {
        const prometheus = await startPrometheus(rig);
        const eyes = await watch(rig);
        await sleep(3000);
        const began = performance.now();
        await rig.postgres.stop('immediate');
        await eyes.readiness(503, began);
        await sleep(6000);
        await rig.restartPostgres();
        await eyes.readiness(200, performance.now());
        await sleep(3000);
        expectSame('lowest up', await prometheus('min_over_time(up[15s])'), '1');
        const samples = await prometheus('scrape_samples_scraped');
        return `up was 1 all the time, ${samples} samples; ${await eyes.verdict()}`;
      } finally {
        await rig.close();
      }
    },
  },
  {
    id: 'F38',
    about: '10 instances and 10 migrators start at once',
    run: async () => {
      const rig = await createRig({ env: { DB_POOL_SIZE: '3' } });
      const others = [];
      try {
        const DATABASE_URL = rig.postgres.url;
        const migrate = () =>
          finished(process.execPath, [CLI, 'migrate', 'run', '--dotenv', '/nonexistent/.env'], {
            cwd: EXAMPLE,
            env: { PATH: process.env.PATH, DATABASE_URL },
          });
        const began = performance.now();
        const [runs, servers] = await Promise.all([
          Promise.all(Array.from({ length: 10 }, migrate)),
          Promise.all(Array.from({ length: 9 }, () => startServer({ env: { DATABASE_URL, DB_POOL_SIZE: '3' } }))),
        ]);
        others.push(...servers);
        const failed = runs.filter(({ status }) => status !== 0);
        if (failed.length > 0) throw new Error(`${failed.length} migrators failed: ${failed[0].all.slice(0, 300)}`);
        const applied = runs.filter(({ stdout }) => /^applied /m.test(stdout)).length;
        expectSame('migrators that applied something', applied, 1);
        const all = [rig.server, ...others];
        for (const { url } of all) {
          await until('all are ready', async () => (await ask(`${url}/health/ready`)).status === 200, 20_000);
        }
        const took = performance.now() - began;
        const admin = await rig.admin();
        const { rowCount } = await admin.query(
          `SELECT FROM pg_stat_activity WHERE application_name LIKE 'builder-api%'`,
        );
        const most = sum(await Promise.all(all.map(connectionsAtMost)));
        if (rowCount > most) throw new Error(`${rowCount} connections, all pools together have at most ${most}`);
        return `1 of 10 migrators applied, all ready after ${seconds(took)}, ${rowCount} connections of at most ${most}`;
      } finally {
        for (const server of others) await server.remove();
        await rig.close();
      }
    },
  },
  {
    id: 'F39',
    about: 'soak: 10 minutes of load, a backend killed every minute',
    run: async () => {
      const rig = await createRig();
      try {
        const eyes = await watch(rig);
        const sizes = [];
        const began = performance.now();
        for (let minute = 1; performance.now() - began < SOAK_MS; minute++) {
          await sleep(Math.max(0, began + minute * 60_000 - performance.now()));
          const admin = await rig.admin();
          const { rows } = await admin.query(
            `SELECT pid FROM pg_stat_activity WHERE application_name LIKE 'builder-api%' LIMIT 1`,
          );
          if (rows.length > 0) process.kill(rows[0].pid, 'SIGKILL');
          sizes.push(await memoryOf(rig.server.child.pid));
        }
        // The first minutes are the heap's own.
        const [first, last] = [sizes[2], sizes.at(-1)];
        const slope = (last - first) / (sizes.length - 3);
        if (slope > 1)
          throw new Error(`RSS grew by ${slope.toFixed(2)} MB a minute: ${sizes.map(Math.round).join(', ')}`);
        return `${sizes.length} backends killed, RSS ${slope.toFixed(2)} MB a minute; ${await eyes.verdict()}`;
      } finally {
        await rig.close();
      }
    },
  },
];

/** Of all pools of an instance: that of the requests, and that of the jobs. */
async function connectionsAtMost({ url }) {
  const { text } = await ask(`${url}/metrics`);
  const pools = samplesIn(text, 'db_pool_max');
  if (pools.length === 0) throw new Error('no pool says what it may have');
  return sum(pools);
}

/** Scrapes the server every second within the limits that an operator sets; the result answers a query with its first value. */
async function startPrometheus(rig) {
  const port = await freePort();
  const file = join(rig.folder, 'prometheus.yml');
  const limits = 'sample_limit: 3000, label_value_length_limit: 200, body_size_limit: 1MB';
  await writeFile(
    file,
    `scrape_configs: [{ job_name: service, scrape_interval: 1s, scrape_timeout: 1s, ${limits}, static_configs: [{ targets: ['127.0.0.1:${rig.server.port}'] }] }]\n`,
  );
  const args = [
    `--config.file=${file}`,
    `--storage.tsdb.path=${join(rig.folder, 'tsdb')}`,
    `--web.listen-address=127.0.0.1:${port}`,
  ];
  const child = tied(spawn('prometheus', args, { stdio: 'ignore' }));
  rig.onClose(async () => {
    const ended = once(child, 'exit');
    child.kill('SIGTERM');
    await ended;
  });
  const query = async (text) => {
    const answer = await ask(`http://127.0.0.1:${port}/api/v1/query?query=${encodeURIComponent(text)}`);
    return answer.status === 200 ? JSON.parse(answer.text).data.result[0]?.value[1] : undefined;
  };
  await until('Prometheus has scraped', async () => (await query('up')) === '1', 30_000, 250);
  return query;
}
