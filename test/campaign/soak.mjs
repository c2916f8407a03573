/* global performance */
import { readdir } from 'node:fs/promises';
import { startLoad } from '../bench/processes.mjs';
import { createRig, memoryOf } from './faults/rig.mjs';
import { ask, expectSame, samplesIn } from './processes.mjs';

const MINUTE_MS = 60_000;
const ROUND_MS = 5000;
const CONNECTIONS = 50;
// With and without the database, and what supervisors ask.
const PATHS = ['/dev/items/7', '/dev/query?ms=0', '/health', '/dev/items/8'];
/** Until here the heap finds its size. */
const WARM_UP_SHARE = 0.25;
const MAX_GROWTH = 1.1;
/** From here on P11 counts: at most 10 MB more after two million. */
const P11_FROM = 100_000;

/** Two million requests to one process, whose memory, descriptors and series stay where they are. */
export async function soak({ isSmoke, row }) {
  const [requests, withinMs] = isSmoke ? [30_000, 3 * MINUTE_MS] : [2_000_000, 25 * MINUTE_MS];
  await row(`${requests} requests`, async () => {
    // The log goes nowhere: two million lines are a matter of the disk.
    const env = { LOG_DIR: 'none', DB_CONNECTION_TIMEOUT: '10000', DB_STATEMENT_TIMEOUT: '10000' };
    const rig = await createRig({ env });
    try {
      const load = await startLoad();
      rig.onClose(load.stop);
      return report(await samplesOf(rig.server, load, { requests, withinMs }));
    } finally {
      await rig.close();
    }
  });
}

async function samplesOf(server, load, { requests, withinMs }) {
  const samples = [];
  const endsAt = performance.now() + withinMs;
  for (let asked = 0, turn = 0; asked < requests; turn++) {
    if (performance.now() > endsAt) throw new Error(`only ${asked} requests in ${withinMs / MINUTE_MS} minutes`);
    const path = PATHS[turn % PATHS.length];
    asked += (await load.run({ port: server.port, path, connections: CONNECTIONS, durationMs: ROUND_MS })).requests;
    samples.push({ asked, ...(await sizeOf(server)) });
  }
  return samples;
}

async function sizeOf({ child, url }) {
  const { status, text } = await ask(`${url}/metrics`);
  expectSame('status of /metrics', status, 200);
  const [heap] = samplesIn(text, 'nodejs_heap_size_used_bytes');
  return {
    memory: await memoryOf(child.pid),
    heap: heap / 2 ** 20,
    descriptors: (await readdir(`/proc/${child.pid}/fd`)).length,
    series: text.split('\n').filter((line) => line !== '' && !line.startsWith('#')).length,
  };
}

/** The middle of the rounds after the warm-up against that of the last ones: a single sample depends on when rubbish was collected. */
function report(samples) {
  const warm = samples.slice(Math.floor(samples.length * WARM_UP_SHARE));
  const quarter = Math.max(1, Math.floor(warm.length / 4));
  const said = ['memory', 'heap', 'descriptors', 'series'].map((what) => {
    const [first, last] = [warm.slice(0, quarter), warm.slice(-quarter)].map((part) =>
      middle(part.map((one) => one[what])),
    );
    if (last > first * MAX_GROWTH) throw new Error(`${what} grew from ${first.toFixed(0)} to ${last.toFixed(0)}`);
    return `${what} ${first.toFixed(0)} → ${last.toFixed(0)}`;
  });
  return [`${samples.at(-1).asked} answered with 200; ${said.join(', ')}`, ...goalOf(samples)].join('; ');
}

function goalOf(samples) {
  const [first, last] = [samples.find(({ asked }) => asked >= P11_FROM), samples.at(-1)];
  if (first === undefined || first === last) return [];
  const more = last.memory - first.memory;
  return [`P11: ${more.toFixed(0)} MB more than after ${first.asked}, goal ≤ 10: ${more <= 10 ? 'reached' : 'missed'}`];
}

function middle(values) {
  return values.sort((a, b) => a - b)[Math.floor(values.length / 2)];
}
