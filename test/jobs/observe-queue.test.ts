import { Registry } from 'prom-client';
import { describe, expect, it } from 'vitest';
import { createMetrics } from 'express-runbook';
import { createJobs, observeQueue } from 'express-runbook/jobs';
import { testPools } from '../support/pools.js';
import { valueOf } from '../metrics/exposition-value.js';

const pools = testPools();
const names = { depthMetric: 'event_queue_size', ageMetric: 'event_queue_oldest_age_seconds' };

describe('observeQueue', () => {
  it('shows what SELECT COUNT says of any table with a status, at each scrape (MET-30, JOB-04)', async () => {
    const pool = pools.create();
    await pool.query(`CREATE TABLE events (status text DEFAULT 'pending', created_at timestamptz DEFAULT now())`);
    const { registry } = createMetrics({ service: 'events' });
    observeQueue({ pool, registry, table: 'events', ...names });
    expect(valueOf(await registry.metrics(), 'event_queue_size')).toBe(0);
    await pool.query(`INSERT INTO events SELECT 'pending', now() - interval '1 hour' FROM generate_series(1, 1001)`);
    await pool.query(`INSERT INTO events (status) VALUES ('completed')`);
    const exposition = await registry.metrics();
    expect(valueOf(exposition, 'event_queue_size')).toBe(1001);
    expect(valueOf(exposition, 'event_queue_oldest_age_seconds')).toBeGreaterThanOrEqual(3600);
  });

  it('shows nothing rather than an old number when the database does not answer, and goes on with a new pool', async () => {
    const registry = new Registry();
    const pool = pools.create();
    await pool.query('CREATE TABLE letters (status text, created_at timestamptz)');
    const table = { registry, table: 'letters', ...names };
    observeQueue({ pool, ...table });
    expect(valueOf(await registry.metrics(), 'event_queue_size')).toBe(0);
    await pool.end();
    expect(valueOf(await registry.metrics(), 'event_queue_size')).toBeUndefined();
    observeQueue({ pool: pools.create(), ...table });
    expect(valueOf(await registry.metrics(), 'event_queue_size')).toBe(0);
  });
});

describe('the options', () => {
  const run = (): void => undefined;

  it('are refused by name when they are wrong', () => {
    const pool = pools.create();
    const types = { one: { run } };
    expect(() => createJobs({ pool, types, tabel: 'jobs' } as never)).toThrow('did you mean table?');
    expect(() => createJobs({ types } as never)).toThrow('createJobs.pool is required');
    expect(() => createJobs({ pool } as never)).toThrow('createJobs.types is required');
    expect(() => createJobs({ pool, types: { one: {} } } as never)).toThrow('createJobs.types.one.run is required');
    expect(() => createJobs({ pool, types: { one: { run, maxAttempts: 0 } } })).toThrow(
      'types.one.maxAttempts must be',
    );
    expect(() => createJobs({ pool, types, table: 'jobs; DROP TABLE jobs' })).toThrow('must be the name of a table');
    expect(() => {
      observeQueue({ pool, registry: new Registry(), table: 'jobs' } as never);
    }).toThrow('observeQueue.depthMetric is required');
  });
});
