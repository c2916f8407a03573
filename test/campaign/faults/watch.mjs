/* global performance */
import { readdir } from 'node:fs/promises';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { ask, samplesIn, sum, tied, until } from '../processes.mjs';
import { memoryOf } from './rig.mjs';

const LIVE_MS = 50;
/** A flood costs processor time: liveness has the second that Kubernetes gives a probe. */
export const LIVE_IN_A_FLOOD_MS = 1000;
const MORE_MB = 50;
const MORE_DESCRIPTORS = 20;
const BACK_WITHIN_MS = 30_000;
const RECOVERS_WITHIN_MS = 10_000;
const BASELINE_MS = 700;
// What the machine itself costs at the same moments: on a busy one no server answers within 50 ms.
const BARE_SERVER = `require('http').createServer((req, res) => res.end('{}'))
  .listen(0, '127.0.0.1', function () { process.send(this.address().port); })`;
const TIMES_BARE = 3;
const BUSY_MS = 15;

/**
 * Looks at a server from all sides while something is done to it: liveness and readiness every 50 ms, and requests with and
 * without the database, each with an id of its own that must be found once in the access log when it was answered.
 */
export async function watch(rig, { asksDatabase = true } = {}) {
  const { server } = rig;
  const bare = await startBareServer();
  const eyes = { live: [], bare: [], ready: [], answered: new Map(), asked: 0, strange: [], isOver: false };
  const pending = new Set();
  rig.onClose(() => {
    eyes.isOver = true;
    bare.stop();
  });
  const loops = [
    every(50, eyes, async () => {
      eyes.live.push(await ask(`${server.url}/health/live`));
    }),
    every(50, eyes, async () => {
      eyes.bare.push(await ask(bare.url));
    }),
    every(50, eyes, async () => {
      const askedAt = performance.now();
      const { status } = await ask(`${server.url}/health/ready`);
      eyes.ready.push({ askedAt, at: performance.now(), status });
    }),
    // Not one after the other: an answer that takes long must not be all that is asked for.
    every(40, eyes, () => void request('/dev/items/7')),
    ...(asksDatabase ? [every(100, eyes, () => void request('/dev/query?ms=1'))] : []),
  ];
  async function request(path, options = {}) {
    const id = `campaign-${process.pid}-${eyes.asked++}`;
    const answer = ask(`${server.url}${path}`, { timeoutMs: 60_000, ...options, headers: { 'X-Request-Id': id } });
    pending.add(answer);
    const { status, text, tookMs } = await answer;
    pending.delete(answer);
    if (status !== 0) eyes.answered.set(id, status);
    if (status >= 400 && !isEnvelope(text)) eyes.strange.push(`${status} ${text.slice(0, 80)}`);
    return { status, tookMs };
  }

  await sleep(BASELINE_MS);
  const before = await sizeOf(server);
  return {
    request,
    /** Milliseconds from `since` until readiness said `status`. */
    async readiness(status, since, withinMs = RECOVERS_WITHIN_MS) {
      let seen;
      await until(
        `readiness ${status}`,
        () => (seen = eyes.ready.find((one) => one.askedAt >= since && one.status === status)) !== undefined,
        withinMs,
      );
      return seen.at - since;
    },
    /** What became of it all. Throws with each of the campaign's criteria that does not hold. */
    async verdict({ liveMs = LIVE_MS, livePauses = false, lost = 0 } = {}) {
      eyes.isOver = true;
      await Promise.all([...loops, ...pending]);
      bare.stop();
      const wrong = [];
      if (!server.isAlive()) wrong.push('the process has ended');
      if (/\n\s+at |Uncaught|FATAL ERROR/.test(server.errors())) wrong.push(`stderr: ${server.errors().slice(0, 300)}`);
      const dead = eyes.live.filter(({ status }) => status !== 200);
      if (!livePauses && dead.length > 0) wrong.push(`liveness said ${dead.map(({ status }) => status).slice(0, 5)}`);
      const { said, isSlow } = compared(eyes.live, eyes.bare, liveMs);
      if (!livePauses && isSlow) wrong.push(said);
      if (eyes.strange.length > 0) wrong.push(`answers of a strange shape: ${eyes.strange.slice(0, 3).join(' | ')}`);
      const lines = await linesOnce(server, eyes.answered, lost).catch((error) => wrong.push(error.message));
      const size = await sizesBack(server, before).catch((error) => wrong.push(error.message));
      if (wrong.length > 0) throw new Error(wrong.join('; '));
      const bad = [...eyes.answered.values()].filter((status) => status >= 500).length;
      return `${said}; ${eyes.answered.size} answered (${bad} × 5xx) = ${lines} lines; ${size}`;
    },
  };
}

async function startBareServer() {
  const child = tied(spawn(process.execPath, ['-e', BARE_SERVER], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] }));
  const [port] = await once(child, 'message');
  return { url: `http://127.0.0.1:${port}`, stop: () => child.kill('SIGKILL') };
}

async function every(ms, eyes, look) {
  for (; !eyes.isOver; await sleep(ms)) await look();
}

function isEnvelope(text) {
  try {
    const { success, error } = JSON.parse(text);
    return success === false && typeof error.code === 'number' && typeof error.message === 'string';
  } catch {
    return false;
  }
}

/** Liveness against a bare server of the same moments: where that one has its hiccups, one answer in a hundred proves nothing. */
function compared(live, bare, limitMs) {
  const share = quantile(bare, 0.99) > BUSY_MS ? 0.9 : 0.99;
  const [ours, other] = [quantile(live, share), quantile(bare, share)];
  const said = `live p${share * 100} ${ours.toFixed(0)} ms (bare ${other.toFixed(0)})`;
  return { said, isSlow: ours > Math.max(limitMs, TIMES_BARE * other) };
}

export function quantile(probes, share) {
  const times = probes.filter(({ status }) => status === 200).map(({ tookMs }) => tookMs);
  return times.sort((a, b) => a - b)[Math.floor(times.length * share)] ?? Infinity;
}

/** One line of the access log for each answered request. */
async function linesOnce(server, answered, lost) {
  let counts;
  const missing = () => [...answered.keys()].filter((id) => counts.get(id) !== 1);
  const look = async () => {
    counts = new Map();
    for (const { requestId } of await server.lines('access.log'))
      counts.set(requestId, (counts.get(requestId) ?? 0) + 1);
    return missing().length <= lost;
  };
  await until('one line per answered request', look, 5000, 200).catch(() => {
    const [id] = missing();
    throw new Error(
      `${missing().length} of ${answered.size} answered requests have not one line, ${id} has ${counts.get(id) ?? 0}`,
    );
  });
  return answered.size - missing().length;
}

async function sizeOf({ child, url }) {
  const { text } = await ask(`${url}/metrics`);
  const inFlight = sum(samplesIn(text, 'http_requests_in_flight'));
  const descriptors = (await readdir(`/proc/${child.pid}/fd`)).length;
  return { memory: await memoryOf(child.pid), descriptors, inFlight };
}

async function sizesBack(server, before) {
  let now;
  const isBack = async () => {
    now = await sizeOf(server);
    return (
      now.memory < before.memory + MORE_MB &&
      now.descriptors < before.descriptors + MORE_DESCRIPTORS &&
      // The scrape itself may be one.
      now.inFlight <= 1
    );
  };
  await until('memory, descriptors and requests in flight back', isBack, BACK_WITHIN_MS, 250).catch(() => {
    throw new Error(`not back: ${JSON.stringify(before)} became ${JSON.stringify(now)}`);
  });
  const signed = (n) => `${n >= 0 ? '+' : ''}${n.toFixed(0)}`;
  return `RSS ${signed(now.memory - before.memory)} MB, fds ${signed(now.descriptors - before.descriptors)}`;
}

export function seconds(ms) {
  return `${(ms / 1000).toFixed(2)} s`;
}
