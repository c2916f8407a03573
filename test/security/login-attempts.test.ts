import express from 'express';
import { Registry } from 'prom-client';
import request from 'supertest';
import { describe, expect, it } from 'vitest';
import { correlationId, createLoginAttempts, errorHandler, type LoginAttemptsOptions } from 'express-runbook';
import { fakeClock } from 'express-runbook/testing';
import { recordingLogger } from '../support/recording-logger.js';
import { EXPRESS_MAJORS } from '../support/serve.js';

const RIGHT = 'correct horse';

describe.each(EXPRESS_MAJORS)('logging in on %s', (_label, create) => {
  function service(options: LoginAttemptsOptions = {}) {
    const clock = fakeClock();
    const registry = new Registry();
    const logger = recordingLogger();
    const logins = createLoginAttempts({ logger, registry, now: clock.now, ...options });
    let asked = 0;
    const app = create();
    app.set('trust proxy', ['127.0.0.1', '::1']);
    app.use(correlationId(), express.json());
    app.post('/login', (req, res, next) => {
      const { email, password } = req.body as { email: string; password: string };
      const verify = async () => {
        asked++;
        await Promise.resolve();
        if (password === 'down') throw new Error('database away');
        return password === RIGHT ? { userId: '7' } : { reason: 'wrong password' };
      };
      logins.attempt(req, email, verify).then((principal) => res.json(principal), next);
    });
    app.use(errorHandler({ logger: recordingLogger() }));
    const login = (password: string, { email = 'a@example.com', from = '203.0.113.7' } = {}) =>
      request(app).post('/login').set('X-Forwarded-For', from).send({ email, password });
    const failed = () => logger.lines.filter(({ message }) => message.includes('login failed'));
    return { login, clock, registry, failed, lines: logger.lines, asked: () => asked };
  }

  it('leaves exactly one `login failed` for each failure, and one line for each success (LOG-36, LOG-37)', async () => {
    const { login, failed, lines, registry } = service();
    await login('wrong').expect(401);
    await login(RIGHT).expect(200, { userId: '7' });
    await login('wrong').expect(401);
    expect(failed().map(({ level, fields }) => [level, fields.reason])).toEqual([
      ['warn', 'wrong password'],
      ['warn', 'wrong password'],
    ]);
    expect(lines[1]).toMatchObject({ level: 'info', message: 'login succeeded', fields: { userId: '7' } });
    expect(lines[0]?.fields).toMatchObject({ ip: '203.0.113.7', requestId: expect.any(String) });
    expect(JSON.stringify(lines)).not.toMatch(/wrong"|correct horse|a@example/);
    const text = await registry.metrics();
    expect(text).toContain('login_attempts_total{result="failed"} 2');
    expect(text).toContain('login_attempts_total{result="succeeded"} 1');
  });

  it('is refused with 429 and Retry-After after five failures, the right password included, until the window ends (SEC-16)', async () => {
    const { login, clock, failed, asked, registry } = service();
    for (let failure = 0; failure < 5; failure++) await login('wrong').expect(401);
    clock.advance(60_000);
    const { headers, body } = await login(RIGHT).expect(429);
    expect(headers['retry-after']).toBe('840');
    expect(body.error).toEqual({ code: 429, message: 'Too many requests' });
    expect(asked()).toBe(5);
    expect(
      failed()
        .map(({ fields }) => fields.reason)
        .at(-1),
    ).toBe('too many failures');
    expect(failed().length).toBe(6);
    expect(await registry.metrics()).toContain('login_attempts_total{result="throttled"} 1');
    clock.set(900_000);
    await login(RIGHT).expect(200);
  });

  it('counts the account in any spelling, and cannot be refused to somebody by others elsewhere', async () => {
    const { login } = service({ maxFailures: 2 });
    await login('wrong', { email: 'A@Example.com' }).expect(401);
    await login('wrong', { email: ' a@example.com ' }).expect(401);
    await login(RIGHT).expect(429);
    await login(RIGHT, { from: '198.51.100.1' }).expect(200);
    await login(RIGHT, { email: 'b@example.com' }).expect(200);
  });

  it('begins anew after a success', async () => {
    const { login } = service({ maxFailures: 2 });
    for (let round = 0; round < 3; round++) {
      await login('wrong').expect(401);
      await login(RIGHT).expect(200);
    }
  });

  it('lets no more than the limit through when all come at once', async () => {
    const { login, asked } = service({ maxFailures: 3 });
    const answers = await Promise.all(Array.from({ length: 12 }, () => login('wrong')));
    expect(answers.filter(({ status }) => status === 401).length).toBe(3);
    expect(asked()).toBe(3);
  });

  it('refuses one password tried on many accounts, and addresses of one IPv6 network together', async () => {
    const { login } = service({ maxFailuresPerAddress: 3 });
    const spray = (index: number) => login('wrong', { email: `u${index}@example.com`, from: `2001:db8:1:${index}::1` });
    for (const index of [1, 2, 3]) await spray(index).expect(401);
    await spray(4).expect(429);
    await login(RIGHT, { from: '2001:db8:1:99::7' }).expect(429);
    await login(RIGHT, { from: '2001:db8:2::7' }).expect(200);
  });

  it('answers an unknown account as a known one, word by word', async () => {
    const { login } = service({ maxFailures: 1 });
    for (const status of [401, 429]) {
      const [known, unknown] = [await login('wrong'), await login('wrong', { email: 'nobody@example.com' })];
      expect(known.status).toBe(status);
      expect([unknown.status, unknown.body.error]).toEqual([known.status, known.body.error]);
    }
  });

  it('does not count what could not be found out', async () => {
    const { login, failed } = service({ maxFailures: 1, maxFailuresPerAddress: 1 });
    await login('down').expect(500);
    await login('down').expect(500);
    expect(failed()).toEqual([]);
    await login(RIGHT).expect(200);
  });

  it('remembers so many and no more: the oldest is forgotten first', async () => {
    const { login } = service({ maxFailures: 1, maxKeys: 4 });
    await login('wrong', { email: 'first@example.com' }).expect(401);
    await login('wrong', { email: 'first@example.com' }).expect(429);
    for (const from of ['198.51.100.1', '198.51.100.2', '198.51.100.3']) await login('wrong', { from }).expect(401);
    await login('wrong', { email: 'first@example.com' }).expect(401);
  });
});
