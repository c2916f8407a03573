/* global performance, setTimeout */
import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { ask, expectNothingLost, expectSame, spawnServer, startServer, startTraffic, until } from '../processes.mjs';
import { createRig } from './rig.mjs';
import { seconds } from './watch.mjs';

const CLIENTS = { path: '/dev/slow?ms=50', keepAlive: 200, fresh: 50, thinkMs: 250 };
const DEADLINE_MS = 30_000;

/** A server that is ended in the course of the row; it needs no database for that. */
export async function withServer(options, work) {
  const server = await startServer(options);
  try {
    return await work(server);
  } finally {
    await server.remove();
  }
}

/** The line that reports the shutdown. */
async function reportOf(server) {
  const line = (await server.lines()).find(({ msg }) => /^Shutdown completed/.test(msg));
  if (line === undefined) throw new Error('no line reports the shutdown');
  return line;
}

/** Told to stop in the middle of 200 kept connections and 50 clients that open new ones, behind a balancer that looks away. */
export async function stopUnderLoad(options = {}) {
  const { signal = 'SIGTERM', delayMs = 1500, clients = CLIENTS, whenReady = () => undefined, ...server } = options;
  const env = { SHUTDOWN_DELAY_MS: String(delayMs), SHUTDOWN_TIMEOUT_MS: String(DEADLINE_MS) };
  const rig = await createRig({ ...server, env });
  try {
    await until('it is ready', async () => (await ask(`${rig.server.url}/health/ready`)).status === 200);
    whenReady();
    const traffic = await startTraffic({ url: rig.server.url, probe: '/health/ready', ...clients });
    const code = rig.server.stop(signal, 2 * DEADLINE_MS);
    // Whatever becomes of it, the clients are looked at first.
    code.catch(() => undefined);
    const said = expectNothingLost(await traffic.report);
    expectSame('exit code', await code, 0);
    expectSame('requests cut', (await reportOf(rig.server)).cutRequests, 0);
    return `${said}, exit code 0`;
  } finally {
    await rig.close();
  }
}

export const ENDING_FAULTS = [
  ...['SIGTERM', 'SIGINT'].map((signal) => ({
    id: 'F11',
    about: `${signal} under load, delay 1500 ms`,
    isSmoke: signal === 'SIGTERM',
    run: () => stopUnderLoad({ signal }),
  })),
  {
    id: 'F11',
    about: 'SIGTERM under load, no delay',
    isSmoke: true,
    run: () =>
      withServer({ env: { SHUTDOWN_DELAY_MS: '0' } }, async (server) => {
        const traffic = await startTraffic({ url: server.url, ...CLIENTS });
        expectSame('exit code', await server.stop(), 0);
        const { sent, answered, refused, statuses, problems } = await traffic.report;
        const others = Object.keys(problems).filter((what) => what !== 'new connection: ECONNRESET');
        if (others.length > 0) throw new Error(`lost what was accepted: ${JSON.stringify(problems)}`);
        expectSame('statuses', Object.keys(statuses).join(), '200');
        const lines = (await server.lines('access.log')).filter(({ statusCode }) => statusCode === 200).length;
        expectSame('requests that the server finished', lines, answered);
        const never = sent - answered - refused;
        return `all ${answered} accepted were answered; not accepted: ${refused} refused, ${never} reset; exit code 0`;
      }),
  },
  {
    id: 'F11',
    about: 'second signal after 200 ms',
    run: () =>
      withServer({ env: { SHUTDOWN_DELAY_MS: '20000' } }, async (server) => {
        const codes = [];
        const began = performance.now();
        server.child.kill('SIGTERM');
        await sleep(200);
        codes.push(await server.stop('SIGTERM'));
        expectSame('exit code', codes.join(), '143');
        return `exit code 143 after ${seconds(performance.now() - began)}`;
      }),
  },
  { id: 'F12', about: 'rolling restart behind nginx', skipped: 'is the step nginx' },
  { id: 'F13', about: 'pm2 reload', skipped: 'is the step pm2-reload' },
  {
    id: 'F14',
    about: 'SIGTERM 0 to 1.5 s after the start, 50 times',
    run: async () => {
      const ends = {};
      for (let time = 0; time < 50; time++) {
        const server = await spawnServer();
        await sleep(time * 30);
        const end = await server.stop('SIGTERM', 10_000);
        ends[end] = (ends[end] ?? 0) + 1;
        await server.remove();
      }
      // Before the first line of JavaScript the signal does what it does to every process.
      const others = Object.keys(ends).filter((end) => !['0', 'SIGTERM'].includes(end));
      if (others.length > 0) throw new Error(`ended with ${JSON.stringify(ends)}`);
      return `${ends[0] ?? 0} × exit code 0, ${ends.SIGTERM ?? 0} × ended by the signal before it was heard`;
    },
  },
  {
    id: 'F14',
    about: 'two signals, 0, 50 and 200 ms apart',
    run: async () => {
      const ends = [];
      for (const gapMs of [0, 50, 200]) {
        ends.push(
          await withServer({}, async (server) => {
            const silent = connect(server.port, '127.0.0.1').on('error', () => undefined);
            await once(silent, 'connect');
            server.child.kill('SIGTERM');
            await sleep(gapMs);
            return server.stop('SIGTERM', 5000);
          }),
        );
      }
      // Two of a kind that come together are one to the system.
      if (ends.some((end) => ![0, 143].includes(end))) throw new Error(`ended with ${ends.join()}`);
      return `exit codes ${ends.join(', ')}`;
    },
  },
  {
    id: 'F15',
    about: 'kill -9 under load, 20 times',
    run: async () => {
      const first = await startServer();
      const env = { LOG_DIR: first.logDir };
      let server = first;
      const ids = [];
      try {
        for (let time = 0; time < 20; time++) {
          const burst = Array.from({ length: 30 }, (_, n) => {
            const id = `kill-${time}-${n}`;
            return ask(`${server.url}/dev/items/7`, { headers: { 'X-Request-Id': id } }).then(({ status }) => {
              if (status === 200) ids.push(id);
            });
          });
          await sleep(40 + time * 10);
          server.child.kill('SIGKILL');
          await Promise.all(burst);
          await server.ended;
          if (server !== first) await server.remove();
          server = await startServer({ env });
        }
        expectSame('status after the last start', (await ask(`${server.url}/dev/items/7`)).status, 200);
        const torn = await tornLines(first.logDir);
        if (torn > 20) throw new Error(`${torn} torn lines after 20 kills`);
        return `started again every time, ${torn} torn lines in the log (at most one for each kill), ${ids.length} answered`;
      } finally {
        if (server !== first) await server.remove();
        await first.remove();
      }
    },
  },
  ...[
    ['silent', '', 0],
    ['half a header block', 'GET / HTTP/1.1\r\nHost: x\r\nX-Half: ', 0],
    [
      'half a body',
      'POST /dev/echo HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{',
      1,
    ],
  ].map(([name, bytes, expected]) => ({
    id: 'F16',
    about: `stuck clients: ${name}`,
    run: () =>
      withServer({ env: { SHUTDOWN_DELAY_MS: '0', SHUTDOWN_TIMEOUT_MS: '3000' } }, async (server) => {
        const sockets = Array.from({ length: 50 }, () => connect(server.port, '127.0.0.1'));
        for (const socket of sockets) socket.on('error', () => undefined).write(bytes);
        await until('all are connected', () => sockets.every(({ connecting }) => !connecting));
        await ask(`${server.url}/dev/items/7`);
        const began = performance.now();
        // Half a body is a request under way: it has its time-out, then it is cut, which is exit code 1.
        expectSame('exit code', await server.stop('SIGTERM', 10_000), expected);
        const { cutRequests, closedQuietConnections } = await reportOf(server);
        const took = performance.now() - began;
        for (const socket of sockets) socket.destroy();
        return `ended in ${seconds(took)} with ${expected}: ${cutRequests} cut, ${closedQuietConnections} quiet ones closed`;
      }),
  })),
  ...['file', 'slow pipe'].map((where) => ({
    id: 'F27',
    about: `lines at exit, to a ${where}`,
    isSmoke: true,
    run: async ({ isSmoke }) => {
      const runs = isSmoke ? 3 : 20;
      let lines = 0;
      for (let run = 0; run < runs; run++) lines += await linesAtExit(where === 'file');
      return `${lines} answered requests, ${lines} lines, ${runs} runs`;
    },
  })),
  ...['timer', 'rejection', 'emitter', 'null', 'symbol', 'frozen'].map((kind) => ({
    id: 'F40',
    about: `nobody catches: ${kind}`,
    run: () =>
      withServer({ env: { SHUTDOWN_TIMEOUT_MS: '3000' } }, async (server) => {
        const slow = ask(`${server.url}/dev/slow?ms=300`);
        await sleep(50);
        await ask(`${server.url}/dev/crash?kind=${kind}`);
        const { code } = await server.ended;
        expectSame('exit code', code, 1);
        expectSame('the other request', (await slow).status, 200);
        const fatal = (await server.lines()).filter(({ level }) => level === 'fatal');
        expectSame('fatal lines on disk', fatal.length, 1);
        return `exit code 1, one fatal line: ${JSON.stringify(fatal[0].err?.message ?? fatal[0].error?.message)}`;
      }),
  })),
];

async function linesAtExit(isFile) {
  const server = await spawnServer({ env: { SHUTDOWN_DELAY_MS: '0' }, stdout: isFile ? 'ignore' : 'pipe' });
  await once(server.child, 'message');
  let piped = '';
  if (!isFile) readSlowly(server.child.stdout, (text) => (piped += text));
  const ids = Array.from({ length: 200 }, (_, n) => `exit-${n}`);
  const answers = ids.map((id) => ask(`${server.url}/dev/items/7`, { headers: { 'X-Request-Id': id } }));
  const statuses = (await Promise.all(answers)).map(({ status }) => status);
  expectSame('exit code', await server.stop(), 0);
  const found = isFile
    ? await server.lines('access.log')
    : piped
        .split('\n')
        .filter(Boolean)
        .map((line) => JSON.parse(line))
        .filter(({ msg }) => msg === 'Request completed');
  expectSame(
    'lines',
    new Set(found.map(({ requestId }) => requestId)).size,
    statuses.filter((one) => one === 200).length,
  );
  await server.remove();
  return found.length;
}

/** A few kilobytes, then a pause: the pipe is full when the process ends. */
function readSlowly(stream, take) {
  stream.setEncoding('utf8').on('data', (text) => {
    take(text);
    stream.pause();
    setTimeout(() => stream.resume(), 5);
  });
}

async function tornLines(folder) {
  const { stdout } = spawnSync('cat', [`${folder}/app.log`, `${folder}/access.log`], {
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
  });
  return stdout
    .split('\n')
    .filter(Boolean)
    .filter((line) => {
      try {
        JSON.parse(line);
        return false;
      } catch {
        return true;
      }
    }).length;
}
