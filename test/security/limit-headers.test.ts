import express from 'express';
import { rateLimit } from 'express-rate-limit';
import request from 'supertest';
import { describe, expect, it } from 'vitest';
import { rateLimiter } from 'express-runbook';

const SECOND = 1000;
const HOUR = 3_600 * SECOND;

async function headersOf(limiter: express.RequestHandler) {
  const app = express().use(limiter, (_req, res) => {
    res.end();
  });
  const { headers } = await request(app).get('/');
  return { limit: headers.ratelimit, policy: headers['ratelimit-policy'] };
}

describe('the headers of the rate limiter', () => {
  it.each([SECOND, 1_500, 90 * SECOND, HOUR, 2 * HOUR, 24 * HOUR, 36 * HOUR, 72 * HOUR])(
    'are those of express-rate-limit itself, for a window of %i ms (SEC-06)',
    async (windowMs) => {
      const key = () => 'client-7';
      const ours = await headersOf(rateLimiter({ max: 9, windowMs, key }) as express.RequestHandler);
      const theirs = await headersOf(
        rateLimit({ limit: 9, windowMs, keyGenerator: key, standardHeaders: 'draft-8', legacyHeaders: false }),
      );
      expect(theirs.policy).toContain('pk=:');
      expect(ours).toEqual(theirs);
    },
  );

  it('of two limiters stand side by side (SEC-06)', async () => {
    const app = express().use(rateLimiter({ max: 100 }), rateLimiter({ max: 5, windowMs: SECOND }), (_req, res) => {
      res.end();
    });
    const { headers } = await request(app).get('/');
    expect(headers.ratelimit).toMatch(/^"100-in-1min"; r=99; t=\d+, "5-in-1sec"; r=4; t=1$/);
  });

  it('come with Retry-After even when another error handler answers (SEC-05)', async () => {
    const app = express().use(rateLimiter({ max: 1 }), (_req, res) => {
      res.end();
    });
    const handler: express.ErrorRequestHandler = (_error, _req, res, next) => {
      if (res.headersSent) next();
      else res.status(429).end();
    };
    app.use(handler);
    await request(app).get('/');
    const { headers } = await request(app).get('/').expect(429);
    expect(headers['retry-after']).toMatch(/^(59|60)$/);
    expect(headers.ratelimit).toMatch(/; r=0; /);
  });
});
