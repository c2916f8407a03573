import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import express from 'express';
import { Registry } from 'prom-client';
import request from 'supertest';
import { afterEach, describe, expect, it } from 'vitest';
import {
  AppError,
  createHealthRouter,
  createLoadShedder,
  errorHandler,
  maintenance,
  type LoadShedder,
  type LoadShedderOptions,
} from 'express-runbook';
import { fakeClock } from 'express-runbook/testing';
import { recordingLogger } from '../support/recording-logger.js';
import { EXPRESS_MAJORS } from '../support/serve.js';

const shedders: LoadShedder[] = [];
const folder = mkdtempSync(join(tmpdir(), 'maintenance-'));
const file = join(folder, 'on');
afterEach(() => {
  for (const shedder of shedders.splice(0)) shedder.close();
  rmSync(file, { force: true });
});

describe.each(EXPRESS_MAJORS)('overload on %s', (_label, create) => {
  function shedding(options: LoadShedderOptions) {
    const clock = fakeClock();
    const logger = recordingLogger();
    const registry = new Registry();
    const shedder = createLoadShedder({ logger, registry, now: clock.now, ...options });
    shedders.push(shedder);
    const gate: (() => void)[] = [];
    const app = create();
    app.use(createHealthRouter(), shedder.middleware);
    app.get('/slow', (_req, res) => {
      gate.push(() => res.json({}));
    });
    app.get('/', (_req, res) => {
      res.json({});
    });
    app.use(errorHandler({ logger: recordingLogger() }));
    return { app, clock, registry, lines: logger.lines, gate };
  }

  it('refuses what is above maxInFlight with 503, Retry-After and the reason, and serves again after', async () => {
    const { app, registry, lines, gate } = shedding({ maxInFlight: 2 });
    const server = app.listen(0);
    await once(server, 'listening');
    try {
      const under = [request(server).get('/slow'), request(server).get('/slow')].map((one) => one.then((res) => res));
      await expect.poll(() => gate.length).toBe(2);
      const refused = await request(server).get('/').expect(503);
      expect(refused.headers['retry-after']).toBe('5');
      expect(refused.body.error.message).toBe('Overloaded: too many requests under way');
      await request(server).get('/').expect(503);
      await request(server).get('/health/liveness').expect(200);
      for (const answer of gate.splice(0)) answer();
      await Promise.all(under);
      await expect.poll(async () => (await request(server).get('/')).status).toBe(200);
      expect(await registry.metrics()).toMatch(/requests_shed_total\{reason="in_flight"\} [2-9]/);
      expect(lines.map(({ message }) => message)).toEqual(['Shedding load', 'Shedding load ended']);
    } finally {
      server.close();
    }
  });

  it('refuses for a second after the event loop was late, then asks again', async () => {
    let delayMs = 600;
    const { app, clock, registry } = shedding({ eventLoopDelayMs: () => delayMs });
    await request(app).get('/').expect(200);
    clock.set(1000);
    const refused = await request(app).get('/').expect(503);
    expect(refused.body.error.message).toBe('Overloaded: the event loop is late');
    await request(app).get('/health').expect(200);
    delayMs = 0;
    clock.set(1999);
    await request(app).get('/').expect(503);
    clock.set(2000);
    await request(app).get('/').expect(200);
    expect(await registry.metrics()).toContain('requests_shed_total{reason="event_loop"} 2');
  });

  it('does not refuse because of a delay from long before anybody asked', async () => {
    const { app, clock } = shedding({ eventLoopDelayMs: () => 600 });
    clock.set(60_000);
    await request(app).get('/').expect(200);
  });

  it('answers 503 with Retry-After while the file of maintenance is there, except health (INC-08)', async () => {
    const clock = fakeClock();
    const logger = recordingLogger();
    const app = create();
    app.use(createHealthRouter(), maintenance({ file, logger, now: clock.now }));
    app.get('/', (_req, res) => {
      res.json({});
    });
    app.use(errorHandler({ logger: recordingLogger() }));
    await request(app).get('/').expect(200);
    writeFileSync(file, '');
    clock.set(1000);
    const refused = await request(app).get('/').expect(503);
    expect(refused.headers['retry-after']).toBe('120');
    expect(refused.body).toEqual({ success: false, error: { code: 503, message: 'Down for maintenance' } });
    await request(app).get('/health').expect(200);
    rmSync(file);
    expect(existsSync(file)).toBe(false);
    clock.set(2000);
    await request(app).get('/').expect(200);
    expect(logger.lines.map(({ message }) => message)).toEqual(['Maintenance began', 'Maintenance ended']);
  });
});

describe('an AppError of 5xx', () => {
  it.each([
    [{ expose: true }, 'LLM service unavailable'],
    [{}, 'Service unavailable'],
  ])('with %j tells the client: %s (ERR-16)', async (options, message) => {
    const app = express();
    app.get('/', () => {
      throw new AppError(503, 'LLM service unavailable', true, options);
    });
    app.use(errorHandler({ logger: recordingLogger() }));
    const { body } = await request(app).get('/').expect(503);
    expect(body.error.message).toBe(message);
  });

  it('that is a mistake of the program tells nothing even when exposed (ERR-11)', async () => {
    const app = express();
    app.get('/', () => {
      throw new AppError(500, 'db pw=x', false, { expose: true });
    });
    app.use(errorHandler({ logger: recordingLogger() }));
    expect((await request(app).get('/').expect(500)).text).not.toContain('pw=x');
  });
});

describe('the real event loop', () => {
  it('is seen to be late when it is blocked', async () => {
    const clock = fakeClock();
    const shedder = createLoadShedder({ maxEventLoopDelayMs: 50, now: clock.now });
    shedders.push(shedder);
    const app = express();
    app.use(shedder.middleware);
    app.get('/', (_req, res) => {
      res.json({});
    });
    app.use(errorHandler({ logger: recordingLogger() }));
    await new Promise((resolve) => setTimeout(resolve, 50));
    const endsAt = performance.now() + 300;
    while (performance.now() < endsAt);
    await new Promise((resolve) => setTimeout(resolve, 30));
    clock.set(1000);
    await request(app).get('/').expect(503);
  });
});
