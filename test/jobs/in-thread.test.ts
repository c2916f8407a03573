import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { inThread } from 'express-runbook/jobs';
import { workplace } from './workplace.js';

const place = workplace();
const fixture = (name: string): URL => new URL(`fixtures/${name}`, import.meta.url);
const BUSY = fixture('busy.mjs');

const attempt = (signal = new AbortController().signal) => ({ id: 'a', attempt: 2, signal });

/** The longest time that nothing else had its turn while the work was done. */
async function longestLagMs(work: () => Promise<unknown>): Promise<number> {
  let [turnAt, longest] = [performance.now(), 0];
  const turn = (): void => {
    longest = Math.max(longest, performance.now() - turnAt);
    turnAt = performance.now();
  };
  const timer = setInterval(turn, 5);
  await work();
  clearInterval(timer);
  turn();
  return longest;
}

describe('a job that keeps a processor busy', () => {
  it('holds nothing up in a thread, while the same job in the loop lets nobody have a turn before its end (JOB-09)', async () => {
    const { default: busy } = (await import(BUSY.href)) as { default: (payload: object, job: object) => unknown };
    const worker = place.worker({
      types: {
        inThread: { run: inThread(BUSY) },
        inLoop: { run: (payload: { ms: number }, job) => busy(payload, job) },
      },
    });
    worker.start();
    const lagOf = (type: 'inThread' | 'inLoop', ms: number) =>
      longestLagMs(async () => {
        const done = await place.hasBecome(await worker.create(type, { ms }), 'completed');
        expect(done.result).toEqual({ busyMs: ms, attempt: 1 });
      });
    expect(await lagOf('inThread', 800)).toBeLessThan(400);
    expect(await lagOf('inLoop', 300)).toBeGreaterThan(250);
  });

  it('is ended by the end of its time, thread and all (JOB-05)', async () => {
    const counter = new Int32Array(new SharedArrayBuffer(4));
    const ending = new AbortController();
    const running = inThread(BUSY)({ counter }, attempt(ending.signal));
    await expect.poll(() => Atomics.load(counter, 0)).toBeGreaterThan(0);
    ending.abort(new Error('its time is over'));
    await expect(running).rejects.toThrow('its time is over');
    const counted = Atomics.load(counter, 0);
    await sleep(50);
    expect(Atomics.load(counter, 0)).toBe(counted);
    await expect(inThread(BUSY)({}, attempt(ending.signal))).rejects.toThrow('its time is over');
  });

  it('fails with what its module threw, for good if that says so (JOB-05)', async () => {
    const worker = place.worker({ types: { busy: { run: inThread(BUSY) } } });
    worker.start();
    const problem = { message: 'no such month', code: 'ERR_JOB_PERMANENT' };
    const id = await worker.create('busy', { problem });
    expect(await place.hasBecome(id, 'failed')).toMatchObject({ attempts: 1, error: 'no such month' });
    const [failed] = worker.lines.filter(({ level }) => level === 'error');
    expect(failed?.fields.error).toMatchObject({
      name: 'RangeError',
      stack: expect.stringContaining('busy.mjs') as string,
    });
  });
});

describe('inThread', () => {
  it('takes a path as well, and CommonJS', async () => {
    const report = inThread(fileURLToPath(fixture('compiled.cjs')));
    expect(await report({ month: 'May' }, attempt())).toBe('report of May');
  });

  it('says why when the thread has nothing to run, or ends without a word', async () => {
    await expect(inThread(fixture('without-default.mjs'))({}, attempt())).rejects.toThrow(
      /exports no function as default/,
    );
    await expect(inThread(fixture('missing.mjs'))({}, attempt())).rejects.toMatchObject({
      code: 'ERR_MODULE_NOT_FOUND',
    });
    await expect(inThread(BUSY)({ exitCode: 3 }, attempt())).rejects.toThrow(/ended with code 3/);
  });

  it.each(['./report.js', '', new URL('https://good.example/report.js')])('refuses %s when it is called', (file) => {
    expect(() => inThread(file)).toThrow(
      expect.objectContaining({ code: 'ERR_OPTION_INVALID', option: 'inThread.file' }),
    );
  });
});
