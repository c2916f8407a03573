import { describe, expect, it } from 'vitest';
import request from 'supertest';
import { accessGuard, errorHandler, hasAccess, type AccessGuardOptions } from 'express-runbook';
import { testOps } from 'express-runbook/testing';
import { recordingLogger } from '../support/recording-logger.js';
import { EXPRESS_MAJORS } from '../support/serve.js';

describe.each(EXPRESS_MAJORS)('accessGuard on %s', (_label, create) => {
  function docs(options: AccessGuardOptions, trustProxy: string[] = []) {
    const app = create();
    app.set('trust proxy', trustProxy);
    app.use('/docs', accessGuard(options));
    app.get('/docs', (_req, res) => {
      res.json({ docs: true });
    });
    app.use(errorHandler({ logger: recordingLogger() }));
    return (token?: string) => {
      const asked = request(app).get('/docs').set('X-Forwarded-For', '203.0.113.9');
      return token === undefined ? asked : asked.set('Authorization', token);
    };
  }

  it.each<[string, string | undefined, number]>([
    ['the token', 'Bearer one', 200],
    ['the next token', 'Bearer two', 200],
    ['nothing', undefined, 401],
    ['an empty token', 'Bearer ', 401],
    ['a token of other bytes and the same length', 'Bearer \u00e9n\u00e9', 401],
    ['a longer one', 'Bearer onetwo', 401],
    ['another scheme', 'Basic one', 401],
  ])('with a token answers %s as it should (SEC-20, S51)', async (_what, header, status) => {
    const { status: answered, headers, body } = await docs({ token: ['one', 'two'] })(header);
    expect(answered).toBe(status);
    if (status !== 401) return;
    expect(headers['www-authenticate']).toBe('Bearer');
    expect(headers['cache-control']).toBe('no-store');
    expect(body.error).toEqual({ code: 401, message: 'Unauthorized' });
  });

  it('with networks lets in who comes from there, behind a trusted proxy too (SEC-20)', async () => {
    await docs({ networks: ['127.0.0.0/8', '::1'] })().expect(200);
    const { body } = await docs({ networks: ['10.0.0.0/8'] })().expect(403);
    expect(body.error).toEqual({ code: 403, message: 'Forbidden' });
    await docs({ networks: ['127.0.0.0/8', '::1'] }, ['127.0.0.1', '::1'])().expect(403);
    // The proxy too has to be from there.
    await docs({ networks: ['203.0.113.0/24'] }, ['127.0.0.1', '::1'])().expect(403);
    await docs({ networks: ['127.0.0.0/8', '::1', '203.0.113.0/24'] }, ['127.0.0.1', '::1'])().expect(200);
  });

  it('with both asks for both, and asks the network first', async () => {
    const both = docs({ token: 'one', networks: ['127.0.0.0/8', '::1'] });
    await both().expect(401);
    await both('Bearer one').expect(200);
    await docs({ token: 'one', networks: ['10.0.0.0/8'] })('Bearer one').expect(403);
  });

  it('says who sees the details of /health', async () => {
    const { ops, close } = testOps({
      env: { HEALTH_DETAILS: 'authorised' },
      authoriseDetails: hasAccess({ token: 'one' }),
    });
    const app = create();
    app.use(ops.before);
    const anonymous = await request(app).get('/health');
    const known = await request(app).get('/health').set('Authorization', 'Bearer one');
    expect(JSON.stringify(known.body).length).toBeGreaterThan(JSON.stringify(anonymous.body).length);
    await close();
  });
});

it.each<[string, AccessGuardOptions]>([
  ['nobody to let in', {}],
  ['an empty token', { token: '' }],
  ['no token', { token: [] }],
  ['no network', { networks: [] }],
  ['a range that is none', { networks: ['10.0.0.0/40'] }],
])('accessGuard with %s is refused at the start (S51)', (_what, options) => {
  expect(() => accessGuard(options)).toThrow(/accessGuard\.(token|networks)/);
});
