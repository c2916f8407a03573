import express from 'express';
import helmet from 'helmet';
import request from 'supertest';
import { describe, expect, it } from 'vitest';
import { ConfigError, securityHeaders, type Middleware } from 'express-runbook';
import { EXPRESS_MAJORS } from '../support/serve.js';

async function headersOf(...middleware: Middleware[]) {
  const app = express();
  app.use(...middleware);
  app.get('/', (_req, res) => {
    res.json({ ok: true });
  });
  const { headers } = await request(app).get('/');
  return headers as Record<string, string | undefined>;
}

describe.each(EXPRESS_MAJORS)('securityHeaders on %s', (_label, create) => {
  it("sends helmet's headers with a policy for APIs, and hides Express (SEC-07)", async () => {
    const app = create();
    app.use(securityHeaders());
    app.get('/', (_req, res) => {
      res.json({});
    });
    const { headers } = await request(app).get('/').expect(200);
    expect(headers).toMatchObject({
      'content-security-policy': "default-src 'none';base-uri 'none';form-action 'none';frame-ancestors 'none'",
      'strict-transport-security': 'max-age=31536000; includeSubDomains',
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'SAMEORIGIN',
      'referrer-policy': 'no-referrer',
    });
    expect(headers).not.toHaveProperty('x-powered-by');
  });
});

describe('securityHeaders', () => {
  it.each([
    ['its defaults', {}],
    ['some left out', { strictTransportSecurity: false, xFrameOptions: false, xPoweredBy: false }],
    ['some changed', { referrerPolicy: { policy: 'same-origin' as const }, hsts: { maxAge: 60 } }],
  ])('sends exactly what helmet would, with %s', async (_what, options) => {
    const csp = { contentSecurityPolicy: false as const };
    const expected = await headersOf(helmet({ ...csp, ...options }));
    const got = await headersOf(securityHeaders({ helmet: { ...csp, ...options } }));
    delete expected.date;
    delete got.date;
    expect(got).toEqual(expected);
  });

  it.each(['api', 'page'] as const)('does not break %s over plain HTTP by upgrading requests', async (preset) => {
    const plain = await headersOf(securityHeaders({ preset }));
    expect(plain['content-security-policy']).not.toContain('upgrade-insecure-requests');
    const contentSecurityPolicy = { directives: { scriptSrc: ["'self'", 'https://cdn.example'] } };
    const changed = await headersOf(securityHeaders({ preset, helmet: { contentSecurityPolicy } }));
    expect(changed['content-security-policy']).toContain("script-src 'self' https://cdn.example");
    expect(changed['content-security-policy']).not.toContain('upgrade-insecure-requests');
  });

  it('lets a page run its own scripts', async () => {
    const headers = await headersOf(securityHeaders({ preset: 'page' }));
    expect(headers['content-security-policy']).toContain("script-src 'self'");
  });

  it('is replaced on a route that has its own (SEC-07)', async () => {
    const headers = await headersOf(securityHeaders(), securityHeaders({ preset: 'page' }));
    expect(headers['content-security-policy']).toContain("default-src 'self'");
  });

  it('replaces a directive of the preset, however it is spelt', async () => {
    const contentSecurityPolicy = { directives: { defaultSrc: ["'self'"] } };
    const headers = await headersOf(securityHeaders({ helmet: { contentSecurityPolicy } }));
    expect(headers['content-security-policy']).toMatch(/^default-src 'self';/);
  });

  it('computes a nonce for each request', async () => {
    let nonce = 0;
    const directives = { 'script-src': [() => `'nonce-${(nonce += 1)}'`] };
    const middleware = securityHeaders({ helmet: { contentSecurityPolicy: { directives } } });
    expect((await headersOf(middleware))['content-security-policy']).toContain("'nonce-1'");
    expect((await headersOf(middleware))['content-security-policy']).toContain("'nonce-2'");
  });

  it('refuses wrong options when it is made, with the name that was meant', () => {
    // @ts-expect-error the mistake under test
    expect(() => securityHeaders({ helmet: { strictTransportSecurty: false } })).toThrow(
      /did you mean strictTransport/,
    );
    // @ts-expect-error the mistake under test
    expect(() => securityHeaders({ preset: 'html' })).toThrow(/must be one of api, page/);
    const refused = () => securityHeaders({ helmet: { strictTransportSecurity: { maxAge: -1 } } });
    expect(refused).toThrow(ConfigError);
    expect(refused).toThrow(/securityHeaders\.helmet was refused by helmet: .*\[ERR_OPTION_INVALID\]/);
  });
});
