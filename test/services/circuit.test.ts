import express from 'express';
import { Registry } from 'prom-client';
import request from 'supertest';
import { expect, it } from 'vitest';
import { createHealthRouter, errorHandler } from 'express-runbook';
import { createServiceClient } from 'express-runbook/services';
import { fakeClock } from 'express-runbook/testing';
import { recordingLogger } from '../support/recording-logger.js';
import { hang, say, upstream, type Upstream } from './upstream.js';

function clientOf({ url }: Upstream) {
  const clock = fakeClock();
  const registry = new Registry();
  const logger = recordingLogger();
  const client = createServiceClient({
    name: 'llm_service',
    baseUrl: url,
    retries: 0,
    breakerOpenMs: 10_000,
    registry,
    logger,
    now: clock.now,
  });
  const fail = async (times: number): Promise<void> => {
    for (let call = 0; call < times; call++) await client.call('/').catch(() => undefined);
  };
  return { client, clock, registry, logger, fail };
}

it('opens after failures, asks nobody while open, tries once, and closes when that succeeds (EXT-03)', async () => {
  const service = await upstream(say(500));
  const { client, clock, logger, fail } = clientOf(service);
  await fail(4);
  expect(client.circuit()).toBe('closed');
  await fail(1);
  expect(client.circuit()).toBe('open');
  const refused = client.call('/');
  await expect(refused).rejects.toMatchObject({
    code: 'ERR_SERVICE_OPEN',
    statusCode: 503,
    headers: { 'Retry-After': '10' },
    attempts: 0,
  });
  expect(service.requests).toHaveLength(5);

  clock.advance(10_000);
  await fail(1);
  expect([client.circuit(), service.requests.length]).toEqual(['open', 6]);

  clock.advance(10_000);
  service.behave(say(200));
  expect((await client.call('/')).status).toBe(200);
  expect(client.circuit()).toBe('closed');
  const told = logger.lines.map(({ message }) => message).filter((message) => message.includes('circuit'));
  expect(told).toEqual([
    'External service fails, its circuit is open',
    'External service fails, its circuit is open',
    'External service is back, its circuit is closed',
  ]);
});

it('lets one call try however many come, and the next one when that caller left', async () => {
  const service = await upstream(say(500));
  const { client, clock, fail } = clientOf(service);
  await fail(5);
  clock.advance(10_000);
  service.behave(hang);
  const leaving = new AbortController();
  const trial = client.call('/', { signal: leaving.signal });
  const others = await Promise.allSettled(Array.from({ length: 20 }, () => client.call('/')));
  expect(others.every(({ status }) => status === 'rejected')).toBe(true);
  await expect.poll(() => service.requests.length).toBe(6);
  leaving.abort();
  await expect(trial).rejects.toThrow();
  service.behave(say(200));
  expect((await client.call('/')).status).toBe(200);
  expect(client.circuit()).toBe('closed');
});

it('stays closed for what the service refuses, for few failures among many, and for failures of long ago', async () => {
  const service = await upstream(say(404));
  const { client, clock, fail } = clientOf(service);
  await fail(20);
  expect(client.circuit()).toBe('closed');
  service.behave(say(500));
  await fail(19);
  expect(client.circuit()).toBe('closed');
  clock.advance(11_000);
  await fail(4);
  expect(client.circuit()).toBe('closed');
});

it('is the health of the service, without a call: down while open, and no reason to refuse traffic (EXT-10, HLT-37, MET-31)', async () => {
  const service = await upstream(say(500));
  const { client, clock, registry, fail } = clientOf(service);
  const router = createHealthRouter({ checks: [client.check()], details: 'always', cacheTtlMs: 60_000 });
  const app = express().use(router);
  const health = async () => {
    const { status, body } = await request(app).get('/health');
    return [status, body.status, body.details?.llm_service?.status];
  };
  const up = async () => /external_service_up\{service="llm_service"\} (\d)/.exec(await registry.metrics())?.[1];
  try {
    expect(await health()).toEqual([200, 'ok', 'up']);
    await fail(5);
    expect(await health()).toEqual([200, 'degraded', 'down']);
    expect(await up()).toBe('0');
    expect(service.requests).toHaveLength(5);
    clock.advance(10_000);
    service.behave(say(200));
    await client.call('/');
    expect(await health()).toEqual([200, 'ok', 'up']);
    expect(await up()).toBe('1');
  } finally {
    await router.close();
  }
});

it('an outage reaches our own client as 503 with the text and when to come again (ERR-16, X-54)', async () => {
  const service = await upstream(say(500));
  const client = createServiceClient({
    name: 'llm_service',
    baseUrl: service.url,
    retries: 0,
    unavailableMessage: 'LLM service unavailable',
  });
  const app = express();
  app.get('/', async (_req, res) => {
    res.json((await client.call('/')).json());
  });
  app.use(errorHandler({ logger: recordingLogger() }));
  for (let call = 0; call < 7; call++) {
    const { status, body, headers } = await request(app).get('/');
    expect([status, body.error.message]).toEqual([503, 'LLM service unavailable']);
    if (call >= 5) expect(Number(headers['retry-after'])).toBeGreaterThanOrEqual(1);
  }
  expect(service.requests).toHaveLength(5);
});
