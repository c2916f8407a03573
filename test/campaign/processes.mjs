/* global performance */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import http from 'node:http';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const SERVER = fileURLToPath(new URL('../../examples/reference-server/dist/index.js', import.meta.url));
const TRAFFIC = fileURLToPath(new URL('../support/traffic.mjs', import.meta.url));
const START_WITHIN_MS = 30_000;

const children = new Set();
// A campaign that is broken off leaves nobody behind.
process.on('exit', () => {
  for (const child of children) child.kill('SIGKILL');
});

/** Ends with the campaign, however that ends. */
export function tied(child) {
  children.add(child);
  child.on('exit', () => children.delete(child));
  return child;
}

/** The built reference server as a process of its own; it serves when this resolves. `nodeArgs` go before the entry. */
export async function startServer(settings = {}) {
  const server = await spawnServer(settings);
  const ready = once(server.child, 'message').then(() => 'ready');
  const outcome = await Promise.race([
    ready,
    server.ended.then((end) => `ended with ${end.code ?? end.signal}`),
    sleep(START_WITHIN_MS, 'is not ready in time', { ref: false }),
  ]);
  if (outcome === 'ready') return server;
  server.child.kill('SIGKILL');
  throw new Error(`the reference server ${outcome}\n${server.errors()}`);
}

export async function spawnServer({ env = {}, nodeArgs = [], command, stdout = 'ignore', port } = {}) {
  const at = port ?? (await freePort());
  const logDir = await mkdtemp(join(tmpdir(), 'campaign-logs-'));
  const [program, ...args] = command ?? [process.execPath];
  const { PATH, HOME } = process.env;
  const child = tied(
    spawn(program, [...args, ...nodeArgs, SERVER], {
      env: {
        ...{ PATH, HOME, ENV_FILE: join(logDir, 'none'), NODE_ENV: 'development', LOG_LEVEL: 'info', LOG_DIR: logDir },
        ...{ HOST: '127.0.0.1', PORT: String(at), RATE_LIMIT_MAX: '1000000000', ...env },
      },
      stdio: ['ignore', stdout, 'pipe', 'ipc'],
    }),
  );
  let errors = '';
  child.stderr.setEncoding('utf8').on('data', (text) => (errors += text));
  const ended = once(child, 'close').then(([code, signal]) => ({ code, signal }));
  return {
    child,
    port: at,
    url: `http://127.0.0.1:${at}`,
    logDir,
    ended,
    errors: () => errors,
    /** Lines of one of its files. */
    lines: (file = 'app.log') => linesOf(join(env.LOG_DIR ?? logDir, file)),
    isAlive: () => child.exitCode === null && child.signalCode === null,
    /** The exit code, or the signal's name; killed after a while, which is a failure of its own. */
    async stop(signal = 'SIGTERM', withinMs = 30_000) {
      child.kill(signal);
      const end = await Promise.race([ended, sleep(withinMs, undefined, { ref: false })]);
      if (end === undefined) {
        child.kill('SIGKILL');
        throw new Error(`the server did not end within ${withinMs} ms of ${signal}`);
      }
      return end.code ?? end.signal;
    },
    async remove() {
      if (this.isAlive()) child.kill('SIGKILL');
      await ended;
      await rm(logDir, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

/** Every whole line as JSON; one that is not throws. A line that is not ended yet does not count. */
export async function linesOf(file) {
  const text = await readFile(file, 'utf8').catch(() => '');
  return text
    .slice(0, text.lastIndexOf('\n') + 1)
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line));
}

/** Clients as test/support/traffic.mjs has them; all of them were answered once when this resolves. */
export async function startTraffic(settings) {
  const child = tied(
    spawn(process.execPath, [TRAFFIC, JSON.stringify(settings)], { stdio: ['ignore', 'pipe', 'inherit'] }),
  );
  const lines = [];
  const reader = createInterface({ input: child.stdout });
  reader.on('line', (line) => lines.push(JSON.parse(line)));
  const report = once(reader, 'close').then(() => lines.at(-1));
  await Promise.race([once(reader, 'line'), report]);
  return {
    report,
    end() {
      child.kill('SIGTERM');
      return report;
    },
  };
}

/** Status, body and time of one answer; status 0 when there was none. */
export function ask(url, { timeoutMs = 10_000, method = 'GET', headers = {}, body } = {}) {
  const startedAt = performance.now();
  return new Promise((resolve) => {
    const done = (answer) => resolve({ ...answer, tookMs: performance.now() - startedAt });
    const req = http.request(url, { method, headers, agent: new http.Agent(), timeout: timeoutMs }, (res) => {
      let text = '';
      res.setEncoding('utf8').on('data', (chunk) => (text += chunk));
      res.on('end', () => done({ status: res.statusCode, headers: res.headers, text }));
      res.on('error', (error) => done({ status: 0, text: String(error.code ?? error.message) }));
    });
    req.on('timeout', () => req.destroy(new Error('no answer in time')));
    req.on('error', (error) => done({ status: 0, text: String(error.code ?? error.message) }));
    req.end(body);
  });
}

/** The values of all series of a metric, in what /metrics said. */
export function samplesIn(text, metric) {
  return [...text.matchAll(new RegExp(`^${metric}(?:\\{.*\\})? (\\S+)$`, 'gm'))].map(([, value]) => Number(value));
}

export function sum(values) {
  return values.reduce((total, value) => total + value, 0);
}

/** How long it took until `look` said yes. */
export async function until(what, look, withinMs = 10_000, everyMs = 25) {
  const startedAt = performance.now();
  for (;;) {
    if (await look()) return performance.now() - startedAt;
    if (performance.now() - startedAt > withinMs) throw new Error(`not within ${withinMs} ms: ${what}`);
    await sleep(everyMs);
  }
}

export async function freePort() {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address();
  await new Promise((resolve) => probe.close(resolve));
  return port;
}

export function expectSame(what, actual, expected) {
  if (actual !== expected) throw new Error(`${what}: ${actual} instead of ${expected}`);
}

/** Throws when one was lost; says how many there were. */
export function expectNothingLost({ sent, answered, lost, refused, statuses, problems }) {
  const isFine = lost === 0 && refused === 0 && answered === sent && Object.keys(statuses).join() === '200';
  if (!isFine) {
    throw new Error(
      `${lost} lost and ${refused} refused of ${sent}: ${JSON.stringify(problems)}, ${JSON.stringify(statuses)}`,
    );
  }
  return `0 of ${sent} lost`;
}
