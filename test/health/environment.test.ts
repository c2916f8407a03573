import request from 'supertest';
import { afterEach, describe, expect, it } from 'vitest';
import type { CheckResult, OpsOptions } from 'express-runbook';
import { testApp } from 'express-runbook/testing';

const SHAPES = {
  details: { HEALTH_FORMAT: 'details', HEALTH_DETAILS: 'always' },
  words: { HEALTH_FORMAT: 'words', HEALTH_DETAILS: 'always', HEALTH_DEGRADED_STATUS_CODE: '503' },
  checks: { HEALTH_FORMAT: 'checks', HEALTH_DETAILS: 'always', HEALTH_CHECK_WORDS: 'up, degraded, down' },
  flat: { HEALTH_FORMAT: 'flat', HEALTH_DETAILS: 'always' },
  warnings: { HEALTH_FORMAT: 'checks', HEALTH_DETAILS: 'always', HEALTH_DEGRADED_STATUS_CODE: '503' },
  own: {
    HEALTH_FORMAT: 'flat',
    HEALTH_STATUS_WORDS: 'pass,warn,fail',
    HEALTH_CHECK_WORDS: 'on,slow,off',
    HEALTH_TIMESTAMP_PRECISION: 'milliseconds',
  },
} as const;

const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

function served(env: Readonly<Record<string, string>>, result: CheckResult, options: Partial<OpsOptions> = {}) {
  const checks = [{ name: 'database', run: () => result }];
  const { app, close } = testApp(() => undefined, { version: '1.2.3', checks, env, ...options });
  closing.push(close);
  return app;
}

const UP: CheckResult = { status: 'up' };
const SLOW: CheckResult = { status: 'degraded' };
const WITH_MS = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;
const WITHOUT_MS = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/;

describe("each guide's body is a matter of environment variables alone (X-01 to X-04, X-07, X-10)", () => {
  it.each([
    ['details', 200, { status: 'degraded', database: 'degraded', details: { database: { status: 'degraded' } } }],
    ['words', 503, { status: 'degraded', version: '1.2.3', checks: { database: 'degraded' } }],
    ['checks', 200, { status: 'degraded', checks: { database: { status: 'degraded' } } }],
    ['flat', 200, { status: 'degraded', database: 'degraded', version: '1.2.3' }],
    ['warnings', 503, { status: 'degraded', checks: { database: { status: 'warning' } } }],
    ['own', 200, { status: 'warn', database: 'slow' }],
  ] as const)('%s answers %i when something is slow (HLT-12)', async (shape, code, body) => {
    const response = await request(served(SHAPES[shape], SLOW)).get('/api/health').expect(code);
    expect(response.body).toMatchObject(body);
  });

  it.each([
    ['details', 'ok', WITH_MS],
    ['words', 'healthy', WITHOUT_MS],
    ['checks', 'ok', WITH_MS],
    ['flat', 'healthy', WITHOUT_MS],
    ['warnings', 'ok', WITH_MS],
    ['own', 'pass', WITH_MS],
  ] as const)('%s says %s when all is well', async (shape, status, timestamp) => {
    const { body } = await request(served(SHAPES[shape], UP)).get('/health').expect(200);
    expect(body.status).toBe(status);
    expect(body.timestamp).toMatch(timestamp);
  });

  it('shows details to the callers that the service names, and to nobody else', async () => {
    const app = served({}, UP, { authoriseDetails: (req) => req.headers['x-team'] === 'ops' });
    expect((await request(app).get('/health')).text).not.toContain('1.2.3');
    expect((await request(app).get('/health').set('X-Team', 'ops')).body.version).toBe('1.2.3');
  });
});
