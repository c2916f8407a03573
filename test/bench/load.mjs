// Load from a process of its own: keep-alive connections that ask again as soon as they are answered. Plain sockets, so
// that the generator costs a fraction of what it measures.
import { Buffer } from 'node:buffer';
import { connect } from 'node:net';
import { performance } from 'node:perf_hooks';

const END_OF_HEAD = Buffer.from('\r\n\r\n');

process.on('message', async ({ port, path, connections, durationMs }) => {
  process.send(await run({ port, path, connections, durationMs }));
});
process.on('disconnect', () => process.exit(0));
process.send('started');

async function run({ port, path, connections, durationMs }) {
  const request = Buffer.from(
    `GET ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: application/json\r\nConnection: keep-alive\r\n\r\n`,
  );
  const latencies = [];
  const startedAt = performance.now();
  const endsAt = startedAt + durationMs;
  await Promise.all(Array.from({ length: connections }, () => askAgain({ port, request, endsAt, latencies })));
  return {
    requests: latencies.length,
    seconds: (performance.now() - startedAt) / 1000,
    p99Ms: percentile(latencies, 0.99),
  };
}

function askAgain({ port, request, endsAt, latencies }) {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1');
    let askedAt = 0;
    let rest = Buffer.alloc(0);
    const ask = () => {
      askedAt = performance.now();
      socket.write(request);
    };
    socket.setNoDelay(true);
    socket.once('connect', ask);
    socket.once('error', reject);
    socket.once('close', () => reject(new Error('the server closed a keep-alive connection')));
    socket.on('data', (chunk) => {
      rest = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
      const length = answerLength(rest);
      if (length === undefined || rest.length < length) return;
      rest = rest.subarray(length);
      const now = performance.now();
      latencies.push(now - askedAt);
      if (now < endsAt) {
        ask();
        return;
      }
      socket.removeAllListeners('close');
      socket.end();
      resolve();
    });
  });
}

/** Bytes of the whole answer, once its head is there. Anything but a 200 with a length ends the benchmark. */
function answerLength(bytes) {
  const end = bytes.indexOf(END_OF_HEAD);
  if (end === -1) return undefined;
  const head = bytes.latin1Slice(0, end);
  if (!head.startsWith('HTTP/1.1 200 ')) throw new Error(`answered ${head.slice(0, head.indexOf('\r\n'))}`);
  const length = /\r\ncontent-length: (\d+)/i.exec(head)?.[1];
  if (length === undefined) throw new Error(`an answer without a length: ${head}`);
  return end + END_OF_HEAD.length + Number(length);
}

function percentile(values, share) {
  const sorted = Float64Array.from(values).sort();
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];
}
