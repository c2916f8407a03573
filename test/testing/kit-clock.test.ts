import request from 'supertest';
import { describe, expect, it, vi } from 'vitest';
import { createHealthRouter, rateLimiter } from 'express-runbook';
import { fakeClock, testApp } from 'express-runbook/testing';

describe('fakeClock', () => {
  it('stands until it is moved, on and back, and leaves the real clocks alone', () => {
    const { now, advance, set } = fakeClock(1000);
    const realNow = Date.now;
    advance(0.5);
    expect([now(), now()]).toEqual([1000.5, 1000.5]);
    set(10);
    expect(now()).toBe(10);
    expect(fakeClock().now()).toBe(0);
    expect(Date.now).toBe(realNow);
  });

  it.each([
    ['advance', -1],
    ['advance', Number.NaN],
    ['set', Infinity],
    ['set', '5'],
  ] as const)('refuses %s(%s) by name', (verb, ms) => {
    const clock = fakeClock();
    expect(() => clock[verb](ms as number)).toThrow(`fakeClock.${verb} must be a number`);
    expect(clock.now()).toBe(0);
  });

  it("ends the rate limiter's window without anybody waiting for it", async () => {
    const clock = fakeClock();
    const { app, close } = testApp(
      (one) => {
        one.use(rateLimiter({ max: 1, windowMs: 60_000, now: clock.now }));
        one.get('/', (_req, res) => void res.json({}));
      },
      { rateLimit: false },
    );
    await request(app).get('/').expect(200);
    clock.advance(59_999);
    await request(app).get('/').expect(429);
    clock.advance(1);
    await request(app).get('/').expect(200);
    await close();
  });

  it('lets the cache of the health router grow old', async () => {
    const clock = fakeClock(Date.UTC(2026, 10, 22));
    const run = vi.fn(() => undefined);
    const { app, close } = testApp((one) => {
      one.use('/own', createHealthRouter({ checks: [{ name: 'queue', run }], cacheTtlMs: 5000, now: clock.now }));
    });
    const { body } = await request(app).get('/own/health').expect(200);
    expect(body.timestamp).toBe('2026-11-22T00:00:00.000Z');
    clock.advance(4999);
    await request(app).get('/own/health');
    expect(run).toHaveBeenCalledTimes(1);
    clock.advance(1);
    await request(app).get('/own/health');
    expect(run).toHaveBeenCalledTimes(2);
    await close();
  });
});
