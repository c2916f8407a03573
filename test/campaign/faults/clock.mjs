import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ask, expectSame } from '../processes.mjs';
import { createRig } from './rig.mjs';
import { watch } from './watch.mjs';

const LIBRARY = ['x86_64-linux-gnu', 'aarch64-linux-gnu']
  .map((architecture) => `/usr/lib/${architecture}/faketime/libfaketime.so.1`)
  .find((path) => existsSync(path));
const skipped = LIBRARY === undefined ? 'needs libfaketime' : undefined;
const WINDOW_SECONDS = 15 * 60;
// A second has two sides, and a loaded machine its pauses.
const LARGEST_STEP_MS = 5000;

/** The server under a clock of its own; what is not the wall clock (timers, durations) goes on as it is. */
async function withClock(env, work) {
  const rig = await createRig({
    env: { LD_PRELOAD: LIBRARY, FAKETIME_NO_CACHE: '1', FAKETIME_DONT_FAKE_MONOTONIC: '1', ...env },
  });
  try {
    return await work(rig);
  } finally {
    await rig.close();
  }
}

export const CLOCK_FAULTS = [
  {
    id: 'F32',
    about: 'wall clock +1 h, then -2 h',
    skipped,
    async run() {
      const folder = await mkdtemp(join(tmpdir(), 'campaign-clock-'));
      const file = join(folder, 'offset');
      await writeFile(file, '+0\n');
      return withClock({ FAKETIME_TIMESTAMP_FILE: file }, async (rig) => {
        rig.onClose(() => rm(folder, { recursive: true }));
        const eyes = await watch(rig);
        const uptimes = [];
        for (const offset of ['+3600', '-7200', '+0']) {
          await writeFile(file, `${offset}\n`);
          // Node writes the same Date header for up to a second.
          await sleep(1500);
          const served = await ask(`${rig.server.url}/dev/items/7`);
          const skew = (Date.parse(served.headers.date) - Date.now()) / 1000;
          if (Math.abs(skew - Number(offset)) > 5)
            throw new Error(`the server's clock is off by ${skew} s at ${offset}`);
          const limited = await ask(`${rig.server.url}/api/users`);
          expectSame(`status of a limited request at ${offset}`, limited.status, 401);
          const reset = Number(/t=(\d+)/.exec(limited.headers.ratelimit)?.[1] ?? limited.headers['ratelimit-reset']);
          if (!(reset >= 0 && reset <= WINDOW_SECONDS))
            throw new Error(`the limit starts anew in ${reset} s at ${offset}`);
          await sleep(2000);
          uptimes.push(JSON.parse((await ask(`${rig.server.url}/health`)).text).uptime);
        }
        const isRising = uptimes.every((uptime, at) => uptime >= 0 && (at === 0 || uptime >= uptimes[at - 1]));
        if (!isRising) throw new Error(`uptime was ${uptimes.join(', ')} s`);
        const durations = (await rig.server.lines('access.log')).map(({ duration }) => duration);
        if (durations.some((ms) => ms < 0 || ms > 60_000)) throw new Error('a duration follows the wall clock');
        return `${durations.length} durations of 0 to ${Math.max(...durations).toFixed(0)} ms; ${await eyes.verdict()}`;
      });
    },
  },
  ...[
    ['begins', '2026-03-29 01:59:55'],
    ['ends', '2026-10-25 02:59:55'],
  ].map(([what, at]) => ({
    id: 'F33',
    about: `daylight saving ${what} in Berlin`,
    skipped,
    run: () =>
      withClock({ TZ: 'Europe/Berlin', FAKETIME: `@${at}` }, async (rig) => {
        const eyes = await watch(rig);
        await sleep(10_000);
        const times = (await rig.server.lines('access.log')).map(({ timestamp }) => Date.parse(timestamp));
        const steps = times.slice(1).map((time, index) => time - times[index]);
        const worst = steps.find((step) => step < -1000 || step > LARGEST_STEP_MS);
        if (worst !== undefined) throw new Error(`the log jumps by ${worst} ms`);
        const first = new Date(times[0]).toISOString();
        return `log goes on in UTC from ${first} without a jump; ${await eyes.verdict()}`;
      }),
  })),
];
