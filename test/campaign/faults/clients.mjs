/* global performance, setInterval, clearInterval */
import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { ask, expectSame, samplesIn, until } from '../processes.mjs';
import { withServer } from './endings.mjs';
import { memoryOf } from './rig.mjs';
import { LIVE_IN_A_FLOOD_MS, seconds, watch } from './watch.mjs';

const HALF_A_HEADER = 'GET / HTTP/1.1\r\nHost: x\r\nX-Slow: ';
const HALF_A_BODY =
  'POST /dev/echo HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 100000\r\n\r\n{';

/** Node parses 40 000 requests in a breath before it looks at anything else; docs/guides/security.md says what to put in front. */
const PARSED_WITHIN_MS = 10_000;

const COLLECTS_GARBAGE = fileURLToPath(new URL('collects-garbage.cjs', import.meta.url));

/** Many connections that each say this at once; a few hundred at a time, so that the backlog holds them. */
async function crowd(port, count, bytes, read = (socket) => socket.resume()) {
  const sockets = [];
  while (sockets.length < count) {
    const wave = Array.from({ length: Math.min(200, count - sockets.length) }, () => connect(port, '127.0.0.1'));
    for (const socket of wave) read(socket.on('error', () => undefined));
    await Promise.all(wave.map((socket) => Promise.race([once(socket, 'connect'), once(socket, 'close')])));
    for (const socket of wave) socket.write(bytes);
    sockets.push(...wave);
  }
  return sockets;
}

const open = (sockets) => sockets.filter(({ destroyed, readyState }) => !destroyed && readyState === 'open').length;

/** A watch over a server without a database: nothing but the server is looked at. */
async function watched(options, work) {
  return withServer(options, (server) => watching(server, (eyes) => work({ server }, eyes)));
}

async function watching(server, work) {
  const closing = [];
  const rig = { server, onClose: (close) => closing.push(close) };
  try {
    return await work(await watch(rig, { asksDatabase: false }));
  } finally {
    for (const close of closing) close();
  }
}

/** 280 MB each, asked for in one breath. */
async function readNothing(port) {
  const asked = 'GET /api-docs/swagger-ui-bundle.js HTTP/1.1\r\nHost: x\r\n\r\n'.repeat(200);
  const sockets = await crowd(port, 200, asked, (socket) => socket.pause());
  await sleep(6000);
  for (const socket of sockets) socket.resetAndDestroy();
}

export const CLIENT_FAULTS = [
  ...[
    ['a header byte every 500 ms', HALF_A_HEADER, 'x'],
    ['silent', '', ''],
  ].map(([name, bytes, drip]) => ({
    id: 'F17',
    about: `1000 slow clients: ${name}`,
    run: () =>
      watched({}, async (rig, eyes) => {
        const began = performance.now();
        const sockets = await crowd(rig.server.port, 1000, bytes);
        const dripping = setInterval(() => {
          if (drip !== '') for (const socket of sockets) if (!socket.destroyed) socket.write(drip);
        }, 500);
        await sleep(3000);
        // headersTimeout is 66 s, and Node looks every 30 s.
        await until('all are closed', () => open(sockets) === 0, 130_000, 500).finally(() => clearInterval(dripping));
        return `1000 closed after ${seconds(performance.now() - began)}; ${await eyes.verdict({ liveMs: LIVE_IN_A_FLOOD_MS })}`;
      }),
  })),
  {
    id: 'F17',
    about: '300 clients that stop in the middle of a body',
    run: () =>
      watched({}, async (rig, eyes) => {
        const sockets = await crowd(rig.server.port, 300, HALF_A_BODY);
        await sleep(5000);
        const waiting = open(sockets);
        for (const socket of sockets) socket.resetAndDestroy();
        return `${waiting} wait for requestTimeoutMs, then leave; ${await eyes.verdict({ liveMs: LIVE_IN_A_FLOOD_MS })}`;
      }),
  },
  {
    id: 'F17',
    about: '200 clients that ask 200 times at once and read nothing',
    run: () =>
      withServer({ nodeArgs: ['--expose-gc', '--require', COLLECTS_GARBAGE] }, async (server) => {
        const before = await memoryOf(server.child.pid);
        // By itself V8 gives memory back when the server has something to do again.
        server.child.send('collect garbage');
        await readNothing(server.port);
        await sleep(5000);
        const kept = (await memoryOf(server.child.pid)) - before;
        // What the first wave's buffers left in malloc's hands, a second one must do with.
        return watching(server, async (eyes) => {
          await readNothing(server.port);
          return `RSS +${kept.toFixed(0)} MB after the first wave; the second: ${await eyes.verdict({ liveMs: PARSED_WITHIN_MS })}`;
        });
      }),
  },
  {
    id: 'F18',
    about: '8000 idle keep-alive connections, then SIGTERM',
    run: () =>
      withServer({ env: { SHUTDOWN_DELAY_MS: '0' } }, async (server) => {
        const sockets = await crowd(server.port, 8000, 'GET /dev/items/7 HTTP/1.1\r\nHost: x\r\n\r\n');
        await sleep(2000);
        const { status, tookMs } = await ask(`${server.url}/health/live`);
        expectSame('liveness', status, 200);
        const memory = await memoryOf(server.child.pid);
        const kept = open(sockets);
        const began = performance.now();
        expectSame('exit code', await server.stop('SIGTERM', 15_000), 0);
        const took = performance.now() - began;
        for (const socket of sockets) socket.destroy();
        return `${kept} open, ${memory.toFixed(0)} MB, live in ${tookMs.toFixed(0)} ms, ended in ${seconds(took)} with 0`;
      }),
  },
  ...[
    ['requests', (id) => `GET /dev/slow?ms=5000 HTTP/1.1\r\nHost: x\r\nX-Request-Id: ${id}\r\n\r\n`],
    ['uploads', (id) => HALF_A_BODY.replace('Host: x', `Host: x\r\nX-Request-Id: ${id}`)],
  ].map(([name, bytes]) => ({
    id: 'F19',
    about: `2000 aborted ${name}`,
    run: () =>
      watched({}, async (rig, eyes) => {
        const ids = Array.from({ length: 2000 }, (_, n) => `abort-${name}-${n}`);
        for (let at = 0; at < ids.length; at += 100) {
          const sockets = ids.slice(at, at + 100).map((id) => {
            const socket = connect(rig.server.port, '127.0.0.1').on('error', () => undefined);
            socket.write(bytes(id));
            return socket;
          });
          // What is reset before the process has read it was never a request.
          await until('all are under way', async () => (await inFlight(rig.server.url)) >= 100, 10_000, 20);
          for (const socket of sockets) socket.resetAndDestroy();
        }
        const counts = async () => {
          const lines = (await rig.server.lines('access.log')).filter(({ requestId }) =>
            requestId?.startsWith('abort-'),
          );
          return { lines: lines.length, ids: new Set(lines.map(({ requestId }) => requestId)).size };
        };
        await until('a line for each', async () => (await counts()).ids === ids.length, 10_000, 250);
        expectSame('lines', (await counts()).lines, ids.length);
        return `${ids.length} lines; ${await eyes.verdict({ liveMs: LIVE_IN_A_FLOOD_MS })}`;
      }),
  })),
  {
    id: 'F20',
    about: 'no more than 64 descriptors, 300 clients',
    run: () =>
      withServer({ command: ['sh', '-c', 'ulimit -n 64 && exec "$@"', 'sh', process.execPath] }, async (server) => {
        const sockets = Array.from({ length: 300 }, () =>
          connect(server.port, '127.0.0.1').on('error', () => undefined),
        );
        for (const socket of sockets) socket.write('GET /dev/items/7 HTTP/1.1\r\nHost: x\r\n\r\n');
        await sleep(3000);
        if (!server.isAlive()) throw new Error(`the process has ended: ${server.errors()}`);
        for (const socket of sockets) socket.destroy();
        const isBack = async () => (await ask(`${server.url}/dev/items/7`, { timeoutMs: 1000 })).status === 200;
        const took = await until('it answers again', isBack);
        expectSame('exit code', await server.stop(), 0);
        return `alive, answers again ${seconds(took)} after the flood, exit code 0`;
      }),
  },
  {
    id: 'F21',
    about: '64 MB of heap: uploads of 100 MB, 5000 unknown URLs',
    run: () =>
      watched({ nodeArgs: ['--max-old-space-size=64'] }, async (rig, eyes) => {
        const { url, port } = rig.server;
        const statuses = await Promise.all(Array.from({ length: 10 }, () => hugeUpload(port)));
        if (statuses.some((status) => status !== '413')) throw new Error(`uploads were answered ${statuses.join()}`);
        for (let at = 0; at < 5000; at += 10) {
          await Promise.all(Array.from({ length: 10 }, (_, n) => ask(`${url}/nowhere/${at + n}-${Math.random()}`)));
        }
        const series = (await ask(`${url}/metrics`)).text.split('\n').filter((line) => line.includes('nowhere')).length;
        expectSame('series of unknown URLs', series, 0);
        return `10 × 413, 5000 × 404; ${await eyes.verdict({ liveMs: LIVE_IN_A_FLOOD_MS })}`;
      }),
  },
];

async function inFlight(url) {
  const { text } = await ask(`${url}/metrics`);
  return samplesIn(text, 'http_requests_in_flight')[0];
}

/** The status of an upload that says 100 MB and sends for as long as it may. */
async function hugeUpload(port) {
  const socket = connect(port, '127.0.0.1').on('error', () => undefined);
  let answer = '';
  socket.setEncoding('latin1').on('data', (text) => (answer += text));
  socket.write(HALF_A_BODY.replace('100000', String(100 * 1024 ** 2)));
  const chunk = 'x'.repeat(64 * 1024);
  for (let sent = 0; sent < 100 && answer === '' && !socket.destroyed; sent++) {
    socket.write(chunk);
    await sleep(5);
  }
  socket.destroy();
  return /^HTTP\/1\.1 (\d+)/.exec(answer)?.[1] ?? 'not at all';
}
