import express from 'express';
import request from 'supertest';
import { describe, expect, it } from 'vitest';
import { createHealthRouter, type CheckStatus, type HealthCheck, type HealthFormat } from 'express-runbook';
import { fakeClock } from 'express-runbook/testing';

const check = (name: string, status: CheckStatus, critical = true): HealthCheck => ({
  name,
  critical,
  run: () => ({ status, ...(status === 'up' ? {} : { message: `${name} is slow` }), details: { size: '12MB' } }),
});

async function bodyOf(format: HealthFormat, ...checks: HealthCheck[]) {
  const health = createHealthRouter({
    checks,
    format,
    details: 'always',
    version: '1.2.3',
    now: () => Date.UTC(2024, 10, 6, 12, 0, 0, 123),
    uptimeSeconds: () => 3600.9,
  });
  const app = express().use(health);
  const { body, text, status } = await request(app).get('/health');
  const ready = (await request(app).get('/readyz')).body;
  const live = (await request(app).get('/livez')).body;
  return { body, text, status, ready, live };
}

describe('the details body', () => {
  it('has each check under details and the flat keys beside it (HLT-20, HLT-38, X-03, X-04)', async () => {
    const { body, ready, live } = await bodyOf('details', check('database', 'up'), check('memory', 'degraded', false));
    expect(body).toEqual({
      status: 'degraded',
      timestamp: '2024-11-06T12:00:00.123Z',
      state: 'ready',
      uptime: 3600,
      version: '1.2.3',
      database: 'connected',
      details: {
        database: { status: 'up', responseTime: expect.any(Number), latency: expect.any(Number), size: '12MB' },
        memory: {
          status: 'degraded',
          responseTime: expect.any(Number),
          latency: expect.any(Number),
          message: 'memory is slow',
          size: '12MB',
        },
      },
    });
    expect(Object.keys(body.details.database)[0]).toBe('status');
    expect(ready).toEqual({ status: 'ok', timestamp: body.timestamp, state: 'ready', checks: { database: 'up' } });
    expect(live).toEqual({ status: 'ok', timestamp: body.timestamp });
  });

  it('has the key redis only when Redis is checked, and says disconnected when it is down (HLT-21, HLT-35, X-02)', async () => {
    const { body } = await bodyOf('details', check('database', 'up'), check('redis', 'down', false));
    expect(body).toMatchObject({ status: 'degraded', database: 'connected', redis: 'disconnected' });
  });

  it('leaves the version out when there is none', async () => {
    const { body } = await request(express().use(createHealthRouter())).get('/health');
    expect(body).not.toHaveProperty('version');
  });
});

describe('the checks body', () => {
  it('has each check as an object with both names of the latency (HLT-23, HLT-25, X-05)', async () => {
    const { body, ready, live } = await bodyOf('checks', check('database', 'down'), check('memory', 'degraded', false));
    expect(body).toMatchObject({ status: 'error', timestamp: '2024-11-06T12:00:00.123Z', version: '1.2.3' });
    expect(body.checks.database).toMatchObject({ status: 'error', message: 'database is slow' });
    expect(body.checks.database.responseTime).toBe(body.checks.database.latency);
    expect(body.checks.memory).toMatchObject({ status: 'warning', size: '12MB' });
    expect(ready).toMatchObject({ status: 'error', checks: { database: 'error' } });
    expect(live.status).toBe('ok');
  });
});

describe('the words body', () => {
  it('has each check as one word and a timestamp without milliseconds (HLT-22, X-10)', async () => {
    const { body, ready, live } = await bodyOf('words', check('database', 'up'), check('pinecone', 'down'));
    expect(body).toEqual({
      status: 'unhealthy',
      timestamp: '2024-11-06T12:00:00Z',
      version: '1.2.3',
      checks: { database: 'healthy', pinecone: 'unhealthy' },
    });
    expect(ready).toMatchObject({ status: 'unhealthy', checks: { database: 'healthy' } });
    expect(live).toEqual({ status: 'healthy', timestamp: '2024-11-06T12:00:00Z' });
  });
});

describe('the flat body', () => {
  it('has top-level keys only (HLT-21, HLT-24, X-01)', async () => {
    const { body } = await bodyOf('flat', check('database', 'up'), check('redis', 'up'), check('memory', 'up', false));
    expect(body).toEqual({
      status: 'healthy',
      timestamp: '2024-11-06T12:00:00Z',
      uptime: 3600,
      database: 'connected',
      redis: 'connected',
      version: '1.2.3',
    });
  });
});

describe('words and timestamps', () => {
  it.each(['details', 'checks', 'words', 'flat'] as const)(
    'of the format %s are replaced by those of the service, as plain data (X-01, X-02, X-10)',
    async (format) => {
      const options = {
        format,
        words: { overall: { error: 'KO' }, check: { down: 'broken' } },
        timestampPrecision: 'seconds',
      } as const;
      expect(JSON.parse(JSON.stringify(options))).toEqual(options);
      const health = createHealthRouter({ ...options, checks: [check('database', 'down')], now: () => 1 });
      const app = express().use(health);
      const { body, text } = await request(app).get('/health').expect(503);
      expect(body).toMatchObject({ status: 'KO', timestamp: '1970-01-01T00:00:00Z' });
      expect(text).toContain('broken');
      const ready = await request(app).get('/readyz').expect(503);
      expect(ready.body).toMatchObject({ status: 'KO', checks: { database: 'broken' } });
      expect((await request(app).get('/livez')).body.timestamp).toBe('1970-01-01T00:00:00Z');
    },
  );

  it('may have milliseconds where the format has none', async () => {
    const health = createHealthRouter({ format: 'flat', timestampPrecision: 'milliseconds', now: () => 1 });
    const { body } = await request(express().use(health)).get('/health');
    expect(body.timestamp).toBe('1970-01-01T00:00:00.001Z');
  });
});

describe('the overall word (HLT-12, HLT-39)', () => {
  const words: CheckStatus[] = ['up', 'degraded', 'down'];
  const rows = words.flatMap((critical) => words.map((other) => [critical, other] as const));

  it.each(rows)('of a critical check that is %s and another that is %s', async (critical, other) => {
    const { body, status } = await bodyOf('details', check('database', critical), check('memory', other, false));
    const expected = critical === 'down' ? 'error' : critical === 'up' && other === 'up' ? 'ok' : 'degraded';
    expect(body.status).toBe(expected);
    expect(status).toBe(expected === 'error' ? 503 : 200);
  });
});

describe('what a check says of itself', () => {
  it('cannot hide its status or its latency', async () => {
    const liar: HealthCheck = {
      name: 'liar',
      run: () => ({ status: 'down', details: { status: 'up', latency: -1, reason: 'mine' } }),
    };
    const { body } = await bodyOf('details', liar);
    expect(body.details.liar).toMatchObject({ status: 'down', reason: 'mine' });
    expect(body.details.liar.latency).toBeGreaterThanOrEqual(0);
  });

  it('is copied: what it changes later is not in a body, and nothing is left over from the last one', async () => {
    const details: Record<string, number> = { first: 1 };
    const health = createHealthRouter({
      checks: [{ name: 'queue', run: () => ({ status: 'up', details }) }],
      now: () => 0,
    });
    const before = await health.report();
    details.second = 2;
    expect(before.checks[0]?.details).toEqual({ first: 1 });
    delete details.first;
    health.invalidate();
    expect((await health.report()).checks[0]?.details).toEqual({ second: 2 });
  });

  it('may have any name', async () => {
    const { body } = await bodyOf('words', check('__proto__', 'up'), check('status', 'up'));
    expect(Object.keys(body.checks)).toEqual(['__proto__', 'status']);
    expect(body.status).toBe('healthy');
  });
});

describe('the length of the body (HLT-15, T-14)', () => {
  it('and its bytes stay the same inside the cache window, so that ab counts no failed request', async () => {
    let time = 0;
    let uptime = 9;
    const health = createHealthRouter({
      checks: [check('database', 'up')],
      details: 'always',
      now: () => (time += 10),
      uptimeSeconds: () => (uptime += 1),
    });
    const server = express().use(health).listen(0);
    try {
      const texts = new Set<string>();
      for (let probe = 0; probe < 100; probe += 1) texts.add((await request(server).get('/health')).text);
      expect(texts.size).toBe(1);
    } finally {
      server.close();
    }
  });

  it('and its bytes stay the same on readiness for a second', async () => {
    const { now, advance } = fakeClock();
    const app = express().use(createHealthRouter({ checks: [check('database', 'up')], now }));
    const first = (await request(app).get('/readyz')).text;
    advance(999);
    expect((await request(app).get('/readyz')).text).toBe(first);
    advance(1);
    expect((await request(app).get('/readyz')).text).not.toBe(first);
  });

  it('stays the same from one window to the next though numbers get longer', async () => {
    const lengths = new Set<number>();
    for (const uptime of [9, 99, 1000]) {
      const health = createHealthRouter({ details: 'always', uptimeSeconds: () => uptime });
      const { text } = await request(express().use(health)).get('/health');
      expect(JSON.parse(text)).toMatchObject({ uptime });
      lengths.add(text.length);
    }
    expect(lengths.size).toBe(1);
  });
});
