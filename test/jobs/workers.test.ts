import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { ROOT } from '../repo/source-files.js';
import { gate, HEARTBEAT_MS, workplace } from './workplace.js';

const place = workplace();
const children: ChildProcess[] = [];

afterEach(async () => {
  for (const child of children.splice(0)) {
    if (child.exitCode !== null || child.signalCode !== null) continue;
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    await ended;
  }
});

/** A worker as a process of its own, and the lines that it logged. */
function startProcess(): { child: ChildProcess; messages: string[] } {
  const messages: string[] = [];
  const env = { PATH: process.env.PATH, DATABASE_URL: place.url, HEARTBEAT_MS: String(HEARTBEAT_MS) };
  const child = fork(join(ROOT, 'test/jobs/fixtures/worker.mjs'), { env });
  child.on('message', ({ message }: { message: string }) => messages.push(message));
  children.push(child);
  return { child, messages };
}

describe('several workers', () => {
  it('work on each job once (S44)', async () => {
    const done: number[] = [];
    const types = { count: { run: (number: number) => void done.push(number) } };
    const workers = Array.from({ length: 4 }, () => place.worker({ types, concurrency: 3 }));
    const [asking] = workers;
    await Promise.all(Array.from({ length: 200 }, async (_, number) => asking?.create('count', number)));
    for (const worker of workers) worker.start();
    await expect.poll(() => place.count('completed'), { timeout: 30_000 }).toBe(200);
    expect(done.sort((a, b) => a - b)).toEqual(Array.from({ length: 200 }, (_, number) => number));
    const lines = workers.flatMap((worker) => worker.lines);
    expect(lines.filter(({ message }) => message === 'Job completed')).toHaveLength(200);
  });

  it('keep a processor busy without delaying whoever serves (JOB-09)', async () => {
    const busyMs = 600;
    const asking = place.worker({ types: { compute: { run: () => undefined } } });
    const { messages } = startProcess();
    const id = await asking.create('compute', { ms: busyMs });
    await expect.poll(() => messages, { timeout: 20_000, interval: 10 }).toContain('in the handler');
    const lag = monitorEventLoopDelay({ resolution: 10 });
    lag.enable();
    await sleep(busyMs / 2);
    lag.disable();
    // Still at it, and half of the time that this process looked its loop came round in time.
    expect(await place.count('running')).toBe(1);
    expect(lag.percentile(50) / 1e6).toBeLessThan(100);
    await place.hasBecome(id, 'completed');
  });

  it('take up the job of one that was killed, which is told and costs it an attempt (S42, F15)', async () => {
    const heir = place.worker({ types: { hang: { run: () => 'of the heir' } } });
    const { child, messages } = startProcess();
    const id = await heir.create('hang', {});
    await expect.poll(() => messages, { timeout: 20_000 }).toContain('in the handler');
    child.kill('SIGKILL');
    await once(child, 'exit');
    expect([await place.count('running'), await place.count('pending')]).toEqual([1, 0]);
    heir.start();
    expect(await place.hasBecome(id, 'completed')).toMatchObject({ attempts: 2, result: 'of the heir' });
    expect(heir.lines.map(({ message }) => message)).toContain(
      'Job is taken up again: its worker gave no sign of life',
    );
  });

  it('keep the outcome of the present one: what a frozen worker says too late is refused (S42)', async () => {
    const heir = place.worker({ types: { hang: { run: () => 'of the heir' } } });
    const { child, messages } = startProcess();
    const id = await heir.create('hang', {});
    await expect.poll(() => messages, { timeout: 20_000 }).toContain('in the handler');
    child.kill('SIGSTOP');
    heir.start();
    await place.hasBecome(id, 'completed');
    child.send('go on');
    child.kill('SIGCONT');
    await expect
      .poll(() => messages, { timeout: 20_000 })
      .toContain('Job was taken over by another worker; what this one did is not recorded');
    expect(await place.hasBecome(id, 'completed')).toMatchObject({ attempts: 2, result: 'of the heir' });
  });

  it('send a job that takes its worker with it to the dead letters (S44)', async () => {
    const worker = place.worker({ types: { deadly: { run: () => 'never', maxAttempts: 1 } } });
    const { rows } = await place.pool.query<{ id: string }>(
      `INSERT INTO jobs (job_type, status, attempts, heartbeat_at)
       VALUES ('deadly', 'running', 1, now() - interval '1 hour') RETURNING id`,
    );
    worker.start();
    const failed = await place.hasBecome(rows[0]?.id ?? '', 'failed');
    expect(failed.error).toBe('the worker gave no sign of life, each time');
  });
});

describe('close()', () => {
  it('waits for what is under way and begins nothing more (JOB-10, S43)', async () => {
    const held = gate();
    const begun = gate();
    const run = async (): Promise<string> => {
      begun.open();
      await held.opened;
      return 'finished';
    };
    const worker = place.worker({ types: { hold: { run } }, concurrency: 1, drainMs: 30_000 });
    worker.start();
    const id = await worker.create('hold', {});
    await begun.opened;
    const closed = worker.close();
    const next = await worker.create('hold', {});
    held.open();
    await closed;
    expect(await place.hasBecome(id, 'completed')).toMatchObject({ result: 'finished' });
    expect(await place.hasBecome(next, 'pending')).toMatchObject({ attempts: 0 });
    await worker.close();
  });

  it('gives back what does not finish in time, as if it had not been begun, and tells its handler (JOB-10, S43)', async () => {
    const begun = gate();
    let reason: unknown;
    const run = (_payload: unknown, { signal }: { signal: AbortSignal }): Promise<void> => {
      begun.open();
      return new Promise(() => {
        signal.addEventListener('abort', () => {
          reason = signal.reason;
        });
      });
    };
    const worker = place.worker({ types: { hold: { run } }, drainMs: 20 });
    worker.start();
    const id = await worker.create('hold', {});
    await begun.opened;
    await worker.close();
    expect(reason).toMatchObject({ code: 'ERR_JOB_RELEASED' });
    expect(await place.hasBecome(id, 'pending')).toMatchObject({ attempts: 0, error: null });
    const heir = place.worker({ types: { hold: { run: () => 'of the heir' } } });
    heir.start();
    expect(await place.hasBecome(id, 'completed')).toMatchObject({ attempts: 1, result: 'of the heir' });
  });

  it('comes after the signal by which a draining service begins no more jobs', async () => {
    const draining = new AbortController();
    const types = { one: { run: () => undefined } };
    const worker = place.worker({ types, signal: draining.signal });
    worker.start();
    await place.hasBecome(await worker.create('one', {}), 'completed');
    draining.abort();
    const id = await worker.create('one', {});
    await worker.close();
    expect(await place.hasBecome(id, 'pending')).toMatchObject({ attempts: 0 });
  });
});

describe('a database that cuts every connection', () => {
  it('ends no process and loses no job: what was under way is recorded and work goes on (S43, F15)', async () => {
    const held = gate();
    const begun = gate();
    const run = async (isHeld: boolean): Promise<string> => {
      begun.open();
      if (isHeld) await held.opened;
      return 'done';
    };
    const worker = place.worker({ types: { job: { run } } });
    worker.start();
    const id = await worker.create('job', true);
    await begun.opened;
    const cut = `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()`;
    await place.pool.query(cut);
    held.open();
    await place.pool.query(cut);
    expect(await place.hasBecome(id, 'completed')).toMatchObject({ result: 'done', attempts: 1 });
    // A connection that was cut is found out by who asks on it.
    await expect.poll(() => worker.create('job', false).catch(() => ''), { timeout: 20_000 }).not.toBe('');
    await expect.poll(() => place.count('completed'), { timeout: 20_000 }).toBe(2);
  });

  it('ends no process either while the queue strikes out a job that is done: it is begun anew (S43)', async () => {
    const held = gate();
    const begun = gate();
    const run = async (isHeld: boolean): Promise<void> => {
      begun.open();
      if (isHeld) await held.opened;
    };
    const worker = place.worker({ types: { job: { run } } });
    worker.start();
    const id = await worker.create('job', true);
    await begun.opened;
    const locking = await place.pool.connect();
    await locking.query('BEGIN; LOCK TABLE graphile_worker._private_jobs');
    held.open();
    await place.hasBecome(id, 'completed');
    const cut = `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database()
                 AND wait_event_type = 'Lock' AND query LIKE 'delete from "graphile_worker"%'`;
    await expect.poll(async () => (await locking.query(cut)).rowCount, { timeout: 20_000 }).toBe(1);
    await locking.query('COMMIT');
    locking.release();
    const messages = (): string[] => worker.lines.map(({ message }) => message);
    await expect.poll(messages, { timeout: 20_000 }).toContain('The job queue failed; it is tried again');
    await place.hasBecome(await worker.create('job', false), 'completed');
  });
});
