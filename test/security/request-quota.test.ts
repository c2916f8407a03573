import express from 'express';
import { Registry } from 'prom-client';
import request from 'supertest';
import { describe, expect, it } from 'vitest';
import { correlationId, errorHandler, extendContext, requestQuota, type RequestQuotaOptions } from 'express-runbook';
import { fakeClock } from 'express-runbook/testing';
import { markOpsEndpoint } from '../../src/core/ops-endpoint.js';
import { recordingLogger } from '../support/recording-logger.js';
import { EXPRESS_MAJORS } from '../support/serve.js';

const FIRST_OF_NOVEMBER = Date.UTC(2026, 10, 1);
const DAY_MS = 86_400_000;

function counted(create: typeof express, options: RequestQuotaOptions) {
  const clock = fakeClock(FIRST_OF_NOVEMBER);
  const logger = recordingLogger();
  const app = create();
  app.use(correlationId());
  app.use((req, _res, next) => {
    extendContext({ clientId: req.get('x-client'), userId: req.get('x-user') });
    next();
  });
  app.get('/health', (req, _res, next) => {
    markOpsEndpoint(req, 'health');
    next();
  });
  app.use(requestQuota({ logger, now: clock.now, ...options }));
  app.use((_req, res) => {
    res.json({});
  });
  app.use(errorHandler({ logger: recordingLogger() }));
  const by = (client: string, path = '/') => request(app).get(path).set('x-client', client);
  return { app, clock, by, lines: logger.lines };
}

describe.each(EXPRESS_MAJORS)('requestQuota on %s', (_label, create) => {
  it('allows a client so many requests in a calendar month, and all of them again in the next', async () => {
    const { by, clock } = counted(create, { max: 2 });
    await by('a').expect(200);
    await by('a').expect(200);
    const refused = await by('a').expect(429);
    expect(refused.body).toMatchObject({ success: false, error: { code: 429, message: 'Quota exceeded' } });
    expect(refused.headers['retry-after']).toBe(String(30 * 86_400));
    await by('b').expect(200);
    clock.advance(30 * DAY_MS - 1);
    await by('a').expect(429);
    clock.advance(1);
    await by('a').expect(200);
  });

  it('tells limit, rest and time in the headers', async () => {
    const { by } = counted(create, { max: 5, per: 'day' });
    const { headers } = await by('a');
    expect(headers.ratelimit).toBe('"5-per-day"; r=4; t=86400');
    expect(headers['ratelimit-policy']).toBe('"5-per-day"; q=5; w=86400');
  });

  it('warns once at 80 % and once at the end, however many come at once (EXT-06)', async () => {
    const { by, lines } = counted(create, { max: 50 });
    await Promise.all(Array.from({ length: 100 }, () => by('a')));
    expect(lines.map(({ message, fields }) => [message, fields.used, fields.key])).toEqual([
      ['Quota used by 80 %', 40, 'client:a'],
      ['Quota exceeded', 51, 'client:a'],
    ]);
  });

  it('counts by address while nobody is named, and by user when told so', async () => {
    const { app } = counted(create, { max: 1, key: 'user' });
    await request(app).get('/').set('x-user', '7').expect(200);
    await request(app).get('/').set('x-user', '8').expect(200);
    await request(app).get('/').set('x-user', '7').expect(429);
    await request(app).get('/').expect(200);
    await request(app).get('/').expect(429);
  });

  it('leaves probes alone', async () => {
    const { by } = counted(create, { max: 1 });
    await by('a', '/health').expect(200);
    await by('a', '/health').expect(200);
    await by('a').expect(200);
  });
});

describe('requestQuota', () => {
  it('counts what it allowed and refused, and remembers a bounded number of keys', async () => {
    const registry = new Registry();
    const { by } = counted(express, { max: 1, registry, maxKeys: 2 });
    for (const client of ['a', 'b', 'b', 'c', 'a']) await by(client);
    const text = await registry.metrics();
    expect(text).toContain('quota_requests_total{result="allowed"} 4');
    expect(text).toContain('quota_requests_total{result="rejected"} 1');
  });

  it('does not take an error of a handler for its own', async () => {
    const app = express();
    app.use(requestQuota({ max: 9 }));
    app.use(() => {
      throw new Error('from the handler');
    });
    const logger = recordingLogger();
    app.use(errorHandler({ logger }));
    await request(app).get('/').expect(500);
    expect(logger.lines).toHaveLength(1);
  });

  it('needs to know how many', () => {
    expect(() => requestQuota({})).toThrow(/requestQuota\.max is required/);
    expect(() => requestQuota({ max: 1, per: 'week' as never })).toThrow(/requestQuota\.per must be one of day, month/);
  });
});
