import express from 'express';
import request from 'supertest';
import { describe, expect, it, vi } from 'vitest';
import { createHealthRouter, type HealthFormat, type HealthOptions } from 'express-runbook';
import { recordingLogger } from '../support/recording-logger.js';

const FORMATS: HealthFormat[] = ['details', 'checks', 'words', 'flat'];

/** What only those may see who are allowed to. */
const TOLD = /1\.2\.3|latency|responseTime|uptime|hunter2|too slow|12MB/;

function served(options: HealthOptions = {}) {
  const checks = [
    {
      name: 'database',
      run: () => ({ status: 'degraded' as const, message: 'too slow', details: { size: '12MB' } }),
    },
  ];
  const health = createHealthRouter({ checks, version: '1.2.3', now: () => 0, ...options });
  return { health, app: express().use(health) };
}

const hasToken: HealthOptions['authorise'] = (req) => req.headers.authorization === 'Bearer letmein';

describe('details', () => {
  it.each(FORMATS)(
    'in the format %s are for authorised callers; status and names for everybody (S12)',
    async (format) => {
      const { app } = served({ format, authorise: hasToken });
      // supertest calls from loopback: the address opens nothing.
      const bare = await request(app).get('/health').expect(200);
      expect(bare.text).not.toMatch(TOLD);
      expect(bare.text).toContain('database');
      const full = await request(app).get('/health').set('Authorization', 'Bearer letmein').expect(200);
      expect(full.text).toContain('1.2.3');
      expect(full.body).toMatchObject(bare.body);
      expect((await request(app).get('/health')).text).toBe(bare.text);
    },
  );

  it('are shown to nobody unless the service says who may see them', async () => {
    const { app } = served();
    const { body } = await request(app).get('/health').set('X-Forwarded-For', '127.0.0.1').expect(200);
    expect(body).toEqual({
      status: 'degraded',
      timestamp: '1970-01-01T00:00:00.000Z',
      state: 'ready',
      database: 'degraded',
      details: { database: { status: 'degraded' } },
    });
  });

  it('are shown to everybody or to nobody where the service says so (X-64)', async () => {
    expect((await request(served({ details: 'always' }).app).get('/health')).body.details.database.size).toBe('12MB');
    const { app } = served({ details: 'never', authorise: () => true });
    expect((await request(app).get('/health')).text).not.toMatch(TOLD);
  });

  it('of one check are for the same callers', async () => {
    const { app } = served({ authorise: hasToken });
    for (const path of ['/health/database', '/readyz/database']) {
      expect((await request(app).get(path).expect(200)).text).not.toMatch(TOLD);
      const { body } = await request(app).get(path).set('Authorization', 'Bearer letmein').expect(200);
      expect(body).toMatchObject({ status: 'degraded', message: 'too slow', size: '12MB' });
    }
  });

  it('of a readiness probe are for nobody: it has status and names', async () => {
    const { app } = served({ details: 'always' });
    for (const path of ['/readyz', '/startupz', '/livez']) {
      expect((await request(app).get(path).expect(200)).text).not.toMatch(TOLD);
    }
  });

  it.each<[string, NonNullable<HealthOptions['authorise']>]>([
    [
      'throws',
      () => {
        throw new Error('hunter2');
      },
    ],
    ['rejects', () => Promise.reject(new Error('hunter2'))],
    ['never answers', () => new Promise(() => undefined)],
  ])(
    'are withheld when the question who may see them %s; the answer comes, and the log knows',
    async (_how, authorise) => {
      const logger = recordingLogger();
      const { app } = served({ authorise, logger, responseDeadlineMs: 20 });
      expect((await request(app).get('/health').expect(200)).text).not.toMatch(TOLD);
      expect(logger.lines.map(({ level, message }) => [level, message])).toContainEqual([
        'error',
        expect.stringContaining('details of the health checks'),
      ]);
    },
  );

  it('need a plain true: an object or a word that somebody returned is a no', async () => {
    for (const said of ['yes', {}, 1, Promise.resolve('yes')]) {
      const { app } = served({ authorise: () => said as never });
      expect((await request(app).get('/health')).text).not.toMatch(TOLD);
    }
  });

  it('are asked for in the moment: a promise of true opens them', async () => {
    const authorise = vi.fn(() => Promise.resolve(true));
    const { app } = served({ authorise });
    expect((await request(app).get('/health')).body.version).toBe('1.2.3');
    expect((await request(app).get('/health')).body.version).toBe('1.2.3');
    expect(authorise).toHaveBeenCalledTimes(2);
  });

  it('are whole in report(), which stays inside of the service', async () => {
    expect((await served().health.report()).checks[0]).toMatchObject({
      message: 'too slow',
      details: { size: '12MB' },
    });
  });
});
