import { describe, expect, it } from 'vitest';
import { runWithContext } from 'express-runbook';
import { JOBS_DEFAULTS, PermanentJobError, type Priority } from 'express-runbook/jobs';
import { gate, workplace } from './workplace.js';

const place = workplace();
const circular: Record<string, unknown> = {};
circular.itself = circular;
const trap = (): never => {
  throw new Error('trapped');
};

describe('a job', () => {
  it('is created, started and completed with a line each, under the correlation id of who asked (JOB-03, LOG-42, COR-07)', async () => {
    const double = { run: ({ number }: { number: number }) => ({ doubled: number * 2 }) };
    const worker = place.worker({ types: { double } });
    worker.start();
    const asking = { correlationId: 'asked-by-7', requestId: 'its-own', userId: '7' };
    const id = await runWithContext(asking, () => worker.create('double', { number: 21 }));
    const done = await place.hasBecome(id, 'completed');
    expect(done).toMatchObject({ result: { doubled: 42 }, attempts: 1, error: null });
    expect(done.context).toEqual({ correlationId: 'asked-by-7', userId: '7' });
    const told = () => worker.lines.filter(({ level }) => level === 'info');
    await expect
      .poll(() => told().map(({ message }) => message))
      .toEqual(['Job created', 'Job started', 'Job completed']);
    for (const { fields } of told()) expect(fields).toMatchObject({ jobId: id, jobType: 'double' });
  });

  it('that fails for good is a dead letter with its error, told at level error (JOB-03, JOB-05, LOG-42)', async () => {
    const worker = place.worker({
      types: { broken: { run: () => Promise.reject(new PermanentJobError('it is gone')) } },
    });
    worker.start();
    const id = await worker.create('broken', {});
    expect(await place.hasBecome(id, 'failed')).toMatchObject({ attempts: 1, error: 'it is gone' });
    await expect
      .poll(() => worker.lines.filter(({ level }) => level === 'error'))
      .toMatchObject([{ message: 'Job failed', fields: { jobId: id, jobType: 'broken', attempt: 1 } }]);
  });

  it('that nobody asked for is found in the log by its own id', async () => {
    let seen: unknown;
    const runWith = <Result>(fields: unknown, work: () => Result): Result => {
      seen = fields;
      return work();
    };
    const worker = place.worker({ types: { quiet: { run: () => undefined } }, runWithContext: runWith });
    worker.start();
    const id = await worker.create('quiet', {});
    await place.hasBecome(id, 'completed');
    expect(seen).toEqual({ correlationId: id });
  });

  it('is tried again with growing, capped waits, and is a dead letter after its last attempt (JOB-05, S44)', async () => {
    const waits: number[] = [];
    const poison = {
      maxAttempts: 4,
      backoffMs: 40,
      maxBackoffMs: 60,
      run: () => Promise.reject(new Error('poison')),
    };
    const worker = place.worker({ types: { poison } });
    worker.start();
    const id = await worker.create('poison', {});
    expect(await place.hasBecome(id, 'failed')).toMatchObject({ attempts: 4, error: 'poison' });
    await expect.poll(() => worker.lines.some(({ message }) => message === 'Job failed')).toBe(true);
    for (const { fields, message } of worker.lines) {
      if (message === 'Job will be tried again') waits.push(Number(fields.delayMs));
    }
    expect(waits).toHaveLength(3);
    expect(waits[0]).toBeGreaterThanOrEqual(30);
    expect(waits[0]).toBeLessThanOrEqual(40);
    expect(Math.max(...waits)).toBeLessThanOrEqual(60);
    const exposition = await worker.registry.metrics();
    expect(exposition).toContain('job_retries_total{job_type="poison"} 3');
    expect(exposition).toContain('job_dead_letters_total{job_type="poison"} 1');
    expect(exposition).toContain('job_queue_dead_letters 1');
    expect(exposition).toMatch(
      /job_duration_seconds_count\{.*outcome="retried".*\} 3|job_duration_seconds_count\{outcome="retried",job_type="poison"\} 3/,
    );
  });

  it('among the dead letters is tried again when somebody says so, by code or by SQL', async () => {
    let isMended = false;
    const run = (): string => {
      if (!isMended) throw new PermanentJobError('not yet');
      return 'mended';
    };
    const worker = place.worker({ types: { patient: { run } } });
    worker.start();
    const [one, other] = [await worker.create('patient', {}), await worker.create('patient', {})];
    await place.hasBecome(one, 'failed');
    await place.hasBecome(other, 'failed');
    isMended = true;
    expect(await worker.retry(one)).toBe(true);
    await place.pool.query(`UPDATE jobs SET status = 'pending', attempts = 0 WHERE id = $1`, [other]);
    expect(await place.hasBecome(one, 'completed')).toMatchObject({ result: 'mended', attempts: 1 });
    expect(await place.hasBecome(other, 'completed')).toMatchObject({ result: 'mended', attempts: 1 });
    expect(await worker.retry(one)).toBe(false);
    expect(await worker.find('00000000-0000-4000-8000-000000000000')).toBeUndefined();
    expect(await worker.find(one)).toMatchObject({ type: 'patient', status: 'completed', priority: 'normal' });
  });

  it('that takes too long has failed, and its handler is told (JOB-05)', async () => {
    let reason: unknown;
    const run = (_payload: unknown, { signal }: { signal: AbortSignal }): Promise<void> =>
      new Promise(() => {
        signal.addEventListener('abort', () => {
          reason = signal.reason;
        });
      });
    const worker = place.worker({ types: { slow: { run, timeoutMs: 20, maxAttempts: 1 } } });
    worker.start();
    const id = await worker.create('slow', {});
    expect(await place.hasBecome(id, 'failed')).toMatchObject({ error: 'the job took more than 20 ms' });
    expect(reason).toMatchObject({ code: 'ERR_JOB_TIMEOUT' });
  });

  it.each([
    ['null', null, 'thrown: null'],
    ['nothing', undefined, 'thrown: undefined'],
    ['a circular object', circular, 'thrown: an object without a message'],
    ['a BigInt', 1n, 'thrown: 1'],
    ['a symbol', Symbol('why'), 'thrown: Symbol(why)'],
    ['a trap', new Proxy({}, { get: trap, has: trap }), 'thrown: something that cannot be read'],
    ['a text with NUL', new Error('a\0b'), 'ab'],
    ['half of a character', new Error('a\ud800b'), 'a\ufffdb'],
  ])('whose handler throws %s is stored safely (S43)', async (_what, thrown, error) => {
    const run = (): never => {
      // eslint-disable-next-line @typescript-eslint/only-throw-error -- that is what it is about
      throw thrown;
    };
    const worker = place.worker({ types: { strange: { run, maxAttempts: 1 } } });
    worker.start();
    expect(await place.hasBecome(await worker.create('strange', {}), 'failed')).toMatchObject({ error });
  });

  it.each([
    ['a circular object', circular],
    ['a BigInt', { number: 1n }],
    ['a NUL', { text: 'a\0b' }],
    ['more than is kept', 'x'.repeat(200)],
  ])('whose handler returns %s fails at once, and is not run again', async (_what, result) => {
    const worker = place.worker({ types: { strange: { run: () => result } }, maxPayloadBytes: 100 });
    worker.start();
    expect(await place.hasBecome(await worker.create('strange', {}), 'failed')).toMatchObject({ attempts: 1 });
  });

  it('has a payload that is kept as it was given, or is refused by name (S43)', async () => {
    const worker = place.worker({ types: { echo: { run: (payload: unknown) => payload } } });
    const fits = { text: 'a\\u0000 \\\\ud800 😀', fill: '' };
    fits.fill = 'x'.repeat(JOBS_DEFAULTS.maxPayloadBytes - JSON.stringify(fits).length - 2);
    const tooLarge = { code: 'ERR_JOB_PAYLOAD_TOO_LARGE' };
    await expect(worker.create('echo', { ...fits, fill: `${fits.fill}xx` })).rejects.toMatchObject(tooLarge);
    for (const payload of ['\0', { '\0': 1 }, 'a\ud800', circular, 1n, undefined, () => 1]) {
      await expect(worker.create('echo', payload)).rejects.toMatchObject({ code: 'ERR_JOB_PAYLOAD' });
    }
    // The types do not let it pass.
    await expect(worker.create('other' as 'echo', {})).rejects.toThrow('there are no jobs other, only echo');
    expect(await place.count('pending')).toBe(0);
    worker.start();
    expect((await place.hasBecome(await worker.create('echo', fits), 'completed')).result).toEqual(fits);
  });

  it('that is urgent is worked on before one that is not (JOB-11)', async () => {
    const done: Priority[] = [];
    const types = { event: { run: (priority: Priority) => void done.push(priority) } };
    const worker = place.worker({ types, concurrency: 1 });
    for (const priority of ['low', 'normal', 'urgent', 'high'] as const) {
      await worker.create('event', priority, { priority });
    }
    worker.start();
    await expect.poll(() => done).toEqual(['urgent', 'high', 'normal', 'low']);
  });

  it('for later is not begun before its time (JOB-06)', async () => {
    const types = { nightly: { run: () => undefined } };
    const worker = place.worker({ types });
    worker.start();
    const { rows } = await place.pool.query<{ now: Date }>('SELECT now() AS now');
    const runAt = new Date((rows[0]?.now.getTime() ?? NaN) + 400);
    const late = await worker.create('nightly', {}, { runAt });
    await place.hasBecome(await worker.create('nightly', {}), 'completed');
    await place.hasBecome(late, 'completed');
    const kept = await place.pool.query<{ waited: boolean }>(
      'SELECT started_at >= $2 AS waited FROM jobs WHERE id = $1',
      [late, runAt],
    );
    expect(kept.rows).toEqual([{ waited: true }]);
  });

  it('waits, pending and without losing an attempt, while the service it needs is down (JOB-07)', async () => {
    let isDown = true;
    const types = {
      analysis: { run: () => 'analysed', waitWhile: () => isDown },
      other: { run: () => 'done' },
    };
    const worker = place.worker({ types });
    worker.start();
    const waiting = await worker.create('analysis', {});
    await place.hasBecome(await worker.create('other', {}), 'completed');
    await place.hasBecome(await worker.create('other', {}), 'completed');
    expect(await worker.find(waiting)).toMatchObject({ status: 'pending', attempts: 0 });
    isDown = false;
    expect(await place.hasBecome(waiting, 'completed')).toMatchObject({ attempts: 1, result: 'analysed' });
  });

  it('written by hand is worked on too: the table is the truth (JOB-01)', async () => {
    const worker = place.worker({ types: { echo: { run: (payload: unknown) => payload } } });
    worker.start();
    const { rows } = await place.pool.query<{ id: string }>(
      `INSERT INTO jobs (job_type, payload) VALUES ('echo', '{"by":"hand"}') RETURNING id`,
    );
    expect(await place.hasBecome(rows[0]?.id ?? '', 'completed')).toMatchObject({ result: { by: 'hand' } });
  });

  it('is counted by its status at every moment, in SQL and by the gauges alike (JOB-02, MET-30, JOB-04)', async () => {
    const held = gate();
    const types = {
      hold: { run: () => held.opened },
      broken: { run: () => Promise.reject(new PermanentJobError('no')) },
    };
    const worker = place.worker({ types, concurrency: 2 });
    const shown = async (name: string): Promise<number> =>
      Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(await worker.registry.metrics())?.[1] ?? NaN);
    expect(await shown('job_queue_depth')).toBe(0);
    const ids = await Promise.all(Array.from({ length: 101 }, () => worker.create('hold', {})));
    expect([await place.count('pending'), await shown('job_queue_depth')]).toEqual([101, 101]);
    worker.start();
    await expect.poll(() => place.count('running')).toBe(2);
    expect([await place.count('pending'), await shown('job_queue_depth')]).toEqual([99, 99]);
    expect([await shown('job_queue_running'), await shown('job_queue_oldest_age_seconds')]).toEqual([
      2,
      expect.closeTo(30, -2),
    ]);
    held.open();
    await place.hasBecome(await worker.create('broken', {}), 'failed');
    await Promise.all(ids.map((id) => place.hasBecome(id, 'completed')));
    expect([await place.count('pending'), await shown('job_queue_depth')]).toEqual([0, 0]);
    expect([await place.count('failed'), await shown('job_queue_dead_letters')]).toEqual([1, 1]);
    expect(await worker.registry.metrics()).toContain('jobs_created_total{job_type="hold"} 101');
  });
});
