import type express from 'express';
import request from 'supertest';
import { describe, expect, it } from 'vitest';
import { correlationId, httpLogger } from 'express-runbook';
import { EXPRESS_MAJORS } from '../support/serve.js';
import { recorded } from './recorded.js';

describe.each(EXPRESS_MAJORS)('sampling of request lines on %s', (_label, create) => {
  function service(sampleRate: number, slowThresholdMs = 60_000) {
    const log = recorded();
    const app = create();
    app.use(correlationId(), httpLogger({ logger: log.logger, sampleRate, slowThresholdMs }));
    app.get('/status/:code', (req, res) => void res.status(Number(req.params.code)).end());
    return { app, ...log };
  }

  async function ask(app: express.Express, path: string, times: number): Promise<void> {
    const server = app.listen(0);
    for (let index = 0; index < times; index++) await request(server).get(path);
    server.close();
  }

  it('drops successes only: every status of 400 and more has its line (LOG-73, T-28, X-24)', async () => {
    const { app, lines } = service(0);
    for (const status of [200, 204, 301, 304, 399, 400, 401, 404, 429, 500, 503]) {
      await request(app).get(`/status/${status}`);
    }
    expect(lines().map((line) => line.statusCode)).toEqual([400, 401, 404, 429, 500, 503]);
    expect(lines()[0]).not.toHaveProperty('sampleRate');
  });

  it('keeps about the part that it was told, and says so in the line', async () => {
    const { app, lines } = service(0.5);
    await ask(app, '/status/200', 200);
    // Six standard deviations of a fair coin that is thrown 200 times.
    expect(Math.abs(lines().length - 100)).toBeLessThan(43);
    expect(new Set(lines().map((line) => line.sampleRate))).toEqual(new Set([0.5]));
  });

  it('keeps what was slow', async () => {
    const { app, lines } = service(0, 0);
    app.get('/slow', (_req, res) => void setTimeout(() => res.end(), 15));
    await request(app).get('/slow');
    expect(lines().map((line) => line.msg)).toEqual(['Request completed', 'Slow HTTP request detected']);
  });

  it('keeps every line unless it is asked for', async () => {
    const log = recorded();
    const app = create();
    app.use(httpLogger({ logger: log.logger }));
    await ask(app, '/', 30);
    expect(log.lines()).toHaveLength(30);
    expect(() => httpLogger({ logger: log.logger, sampleRate: 1.5 })).toThrow(
      /sampleRate must be a number from 0 to 1/,
    );
  });
});
