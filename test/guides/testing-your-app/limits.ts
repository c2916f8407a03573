import request from 'supertest';
import { expect, it } from 'vitest';
import { rateLimiter } from 'express-runbook';
import { fakeClock, testApp } from 'express-runbook/testing';
import { routes } from './service.js';

it('refuses the third request within a minute, and takes the next after it', async () => {
  const clock = fakeClock();
  const { app, close } = testApp(
    (one) => {
      one.use(rateLimiter({ max: 2, windowMs: 60_000, now: clock.now }));
      one.get('/', (_req, res) => void res.json({}));
    },
    { rateLimit: false }, // the one of createOps goes by the clock of the process
  );
  await request(app).get('/').expect(200);
  await request(app).get('/').expect(200);
  await request(app).get('/').expect(429);
  clock.advance(60_000);
  await request(app).get('/').expect(200);
  await close();
});

it('has the limit that its environment says', async () => {
  const { app, metrics, close } = testApp(routes, { env: { RATE_LIMIT_MAX: '1' } });
  await request(app).get('/orders/7').expect(200);
  const { headers } = await request(app).get('/orders/7').expect(429);
  expect(headers['retry-after']).toBeDefined();
  expect(await metrics.value('rate_limit_requests_total', { result: 'rejected' })).toBe(1);
  await close();
});
