/* global setTimeout, clearTimeout */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ask, expectNothingLost, expectSame, freePort, startServer, startTraffic, tied, until } from './processes.mjs';

const DELAY_MS = 1000;
// New connections only: nginx itself closes those that clients keep when it is reloaded, with requests on their way.
const CLIENTS = { path: '/dev/slow?ms=30', fresh: 60, thinkMs: 120 };

/**
 * Instances replaced behind a real nginx that asks no second one when the first does not answer. Before an instance is told
 * to stop its line gets the word `down` and nginx is reloaded, as docs/guides/shutdown.md says.
 */
export async function nginxSwitching({ isSmoke, row }) {
  if (spawnSync('nginx', ['-v']).error !== undefined) {
    await row('nginx', () => Promise.reject(new Error('is not installed (Debian: nginx-light)')));
    return;
  }
  await row('rolling restart of two instances', () => rollingRestart(isSmoke ? 1 : 3));
  await row('blue-green', () => blueGreen(isSmoke ? 1 : 3));
}

/** Each of two instances, `rounds` times. */
async function rollingRestart(rounds) {
  const ports = [await freePort(), await freePort()];
  const servers = new Map();
  for (const port of ports) servers.set(port, await start(port));
  const nginx = await startNginx(ports, []);
  try {
    const traffic = await startTraffic({ url: nginx.url, ...CLIENTS });
    for (let round = 0; round < rounds; round++) {
      for (const port of ports) {
        await nginx.use(ports, [port]);
        expectSame('exit code', await servers.get(port).stop(), 0);
        await servers.get(port).remove();
        servers.set(port, await start(port));
        await nginx.use(ports, []);
      }
    }
    return `${2 * rounds} restarts, exit codes 0, ${await judged(await traffic.end(), nginx)}`;
  } finally {
    await nginx.stop();
    for (const server of servers.values()) await server.remove();
  }
}

/** The new one is started beside the old one, takes over, and the old one is stopped; `switches` times. */
async function blueGreen(switches) {
  const ports = [await freePort(), await freePort()];
  let [live, idle] = ports;
  let server = await start(live);
  const nginx = await startNginx(ports, [idle]);
  try {
    const traffic = await startTraffic({ url: nginx.url, ...CLIENTS });
    for (let count = 0; count < switches; count++) {
      const next = await start(idle);
      await nginx.use(ports, [live]);
      const code = await server.stop();
      await server.remove();
      server = next;
      expectSame('exit code', code, 0);
      [live, idle] = [idle, live];
    }
    return `${switches} switches, exit codes 0, ${await judged(await traffic.end(), nginx)}`;
  } finally {
    await nginx.stop();
    await server.remove();
  }
}

function start(port) {
  return startServer({ port, env: { SHUTDOWN_DELAY_MS: String(DELAY_MS), LOG_REQUESTS: 'false' } });
}

/** By the clients and by nginx's own log. */
async function judged(report, nginx) {
  const lost = expectNothingLost(report);
  const statuses = (await nginx.log()).map((line) => line.split(' ')[0]);
  const bad = statuses.filter((status) => status !== '200');
  if (bad.length > 0) throw new Error(`nginx answered ${bad.length} of ${statuses.length} with ${[...new Set(bad)]}`);
  return `${lost}, nginx: ${statuses.length} × 200, 0 × 5xx`;
}

async function startNginx(ports, down) {
  const folder = await mkdtemp(join(tmpdir(), 'campaign-nginx-'));
  // Its workers are of another user when it is started by root.
  await chmod(folder, 0o755);
  const port = await freePort();
  const file = join(folder, 'nginx.conf');
  await writeFile(file, configuration(folder, port, ports, down));
  const child = tied(
    spawn('nginx', ['-p', folder, '-c', file, '-e', join(folder, 'error.log'), '-g', 'daemon off;'], {
      stdio: ['ignore', 'ignore', 'inherit'],
    }),
  );
  const url = `http://127.0.0.1:${port}`;
  await until('nginx answers', async () => (await ask(`${url}/dev/items/0`)).status === 200);
  const workers = () => childrenOf(child.pid);
  return {
    url,
    /** Which instances get requests from now on: a reload is over once workers of the new configuration have begun. */
    async use(all, unused) {
      const before = new Set(await workers());
      await writeFile(file, configuration(folder, port, all, unused));
      child.kill('SIGHUP');
      await until('nginx has new workers', async () => (await workers()).some((pid) => !before.has(pid)));
    },
    log: async () => (await readFile(join(folder, 'access.log'), 'utf8')).trim().split('\n'),
    async stop() {
      const ended = once(child, 'exit');
      child.kill('SIGQUIT');
      const timer = setTimeout(() => child.kill('SIGKILL'), 5000);
      await ended;
      clearTimeout(timer);
      await rm(folder, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

async function childrenOf(pid) {
  return (await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8')).trim().split(' ');
}

function configuration(folder, port, ports, down) {
  const servers = ports.map((one) => `server 127.0.0.1:${one} max_fails=0${down.includes(one) ? ' down' : ''};`);
  return `
worker_processes 2;
pid ${folder}/nginx.pid;
${process.getuid() === 0 ? 'user root;' : ''}
events { worker_connections 1024; }
http {
  log_format short '$status $upstream_addr $request_uri';
  access_log ${folder}/access.log short;
  client_body_temp_path ${folder}/body;
  proxy_temp_path ${folder}/proxy;
  fastcgi_temp_path ${folder}/fastcgi;
  uwsgi_temp_path ${folder}/uwsgi;
  scgi_temp_path ${folder}/scgi;
  upstream service {
    ${servers.join('\n    ')}
    keepalive 32;
  }
  server {
    listen 127.0.0.1:${port};
    location / {
      proxy_pass http://service;
      proxy_http_version 1.1;
      proxy_set_header Connection "";
      proxy_next_upstream off;
    }
  }
}
`;
}
