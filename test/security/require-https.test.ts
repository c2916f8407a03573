import request from 'supertest';
import { describe, expect, it } from 'vitest';
import { createHealthRouter, errorHandler, requireHttps, securityHeaders } from 'express-runbook';
import { recordingLogger } from '../support/recording-logger.js';
import { EXPRESS_MAJORS } from '../support/serve.js';

describe.each(EXPRESS_MAJORS)('requireHttps on %s', (_label, create) => {
  function service(trustProxy: string[]) {
    const app = create();
    app.set('trust proxy', trustProxy);
    app.use(securityHeaders(), createHealthRouter(), requireHttps({ host: 'api.example.com' }));
    app.use((_req, res) => {
      res.json({ ok: true });
    });
    app.use(errorHandler({ logger: recordingLogger() }));
    return request(app);
  }
  const PROXY = ['127.0.0.1', '::1'];

  it('sends a reader to HTTPS by its own name, whatever Host says (SEC-09)', async () => {
    const { headers } = await service(PROXY)
      .get('/orders?page=2')
      .set('Host', 'evil.example')
      .set('X-Forwarded-Proto', 'http')
      .expect(308);
    expect(headers.location).toBe('https://api.example.com/orders?page=2');
  });

  it('serves what came over HTTPS through a trusted proxy, with Strict-Transport-Security (SEC-09)', async () => {
    const { headers } = await service(PROXY).get('/').set('X-Forwarded-Proto', 'https').expect(200);
    expect(headers['strict-transport-security']).toMatch(/^max-age=\d{8}/);
  });

  it('does not believe X-Forwarded-Proto of anybody else', async () => {
    await service([]).get('/').set('X-Forwarded-Proto', 'https').expect(308);
  });

  it('refuses what was sent in the clear, and lets probes pass', async () => {
    const { body } = await service(PROXY).post('/login').send({ password: 'x' }).expect(403);
    expect(body.error.message).toBe('HTTPS required');
    await service(PROXY).get('/health/liveness').expect(200);
  });

  it.each(['', 'https://api.example.com', 'a/b', 'a\r\nb'])('takes no host %j', (host) => {
    expect(() => requireHttps({ host })).toThrow('requireHttps.host');
  });
});
