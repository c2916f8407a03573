import { describe, expect, it } from 'vitest';
import { createRedactor, loadConfig, secretValues } from 'express-runbook';
import { testApp } from 'express-runbook/testing';
import request from 'supertest';
import { cpuMs } from './cpu-time.js';
import { recorded } from './recorded.js';

const SECRET = 'b7+Qz/ünw "p\\x';

describe('a registered value (LOG-62)', () => {
  it.each([
    ['as it is', (text: string) => text],
    ['escaped for JSON', (text: string) => JSON.stringify(text)],
    ['escaped for JSON three times', (text: string) => JSON.stringify(JSON.stringify(JSON.stringify(text)))],
    ['encoded for a URL', (text: string) => encodeURIComponent(text)],
    ['encoded for a URL, codes in small letters', (text: string) => encodeURIComponent(text).toLowerCase()],
    ['encoded as a form', (text: string) => String(new URLSearchParams({ a: text }))],
    ['encoded sign by sign', (text: string) => text.replace(/[ -~]/g, (sign) => `%${sign.charCodeAt(0).toString(16)}`)],
    ['encoded twice', (text: string) => encodeURIComponent(encodeURIComponent(text))],
    ['in base64', (text: string) => Buffer.from(text).toString('base64')],
    ['in base64 for URLs', (text: string) => Buffer.from(text).toString('base64url')],
    ['in the middle of base64', (text: string) => Buffer.from(`ab ${text} cd`).toString('base64')],
    ['in hex', (text: string) => Buffer.from(text).toString('hex')],
  ])('is hidden %s', (how, written) => {
    // Only in lower case does lowering a code's letters leave the value itself alone.
    const secret = how.includes('small letters') ? SECRET.toLowerCase() : SECRET;
    const redactor = createRedactor();
    redactor.registerSecrets([secret]);
    const shown = redactor.text(`before ${written(secret)} after`);
    expect(shown).toMatch(/^before .*\[REDACTED\].* after$/);
    expect(shown).not.toContain('Qz');
    expect(redactor.text('before nothing after')).toBe('before nothing after');
  });

  it('is hidden in lines of children that were made before it was registered, in keys too', () => {
    const { logger, text } = recorded();
    const child = logger.child({ a: 1 });
    child.info({ q7Fz0pLw: 1 }, 'q7Fz0pLw');
    expect(text()).toContain('q7Fz0pLw');
    const before = text().length;
    logger.registerSecrets(['q7Fz0pLw']);
    child.info({ q7Fz0pLw: 1, note: 'x q7Fz0pLw' }, 'got q7Fz0pLw');
    expect(text().slice(before)).not.toContain('q7Fz0pLw');
  });

  it('is not taken when it is a plain word or short: every other line would lose it', () => {
    const { logger, lines } = recorded();
    logger.registerSecrets(['postgres', 'Admin', 'a1b2', '']);
    logger.info('postgres Admin a1b2');
    expect(lines()[0]?.msg).toBe('postgres Admin a1b2');
  });

  it('costs no time that grows with how often its beginning comes', () => {
    const redactor = createRedactor();
    redactor.registerSecrets(Array.from({ length: 200 }, (_, index) => `${'ab'.repeat(20)}${index}`));
    const rare = cpuMs(() => redactor.text('cd'.repeat(500_000)));
    const often = cpuMs(() => redactor.text('ab'.repeat(500_000)));
    expect(often).toBeLessThan(Math.max(rare, 50) * 20);
  });
});

describe('the configuration', () => {
  const env = {
    DATABASE_URL: 'postgres://app:p%40ss-w0rd@db/app',
    REDIS_URL: 'redis://:r3dis-pw@cache:6379',
    JWT_SECRET: 'k3Jx8+Vd/0aPqRtYuIoP1sDfGhJk5LzX==',
  };

  it('knows its secrets, those in URLs as the server is told them', () => {
    const values = secretValues(loadConfig({ env, envFile: false, isTerminal: false }));
    expect(values).toEqual(expect.arrayContaining(['p%40ss-w0rd', 'p@ss-w0rd', 'r3dis-pw', env.JWT_SECRET]));
    expect(values).not.toContain('db');
  });

  it('has them hidden by createOps, and the fields of SENSITIVE_FIELDS, in any line', async () => {
    const kit = testApp(
      (app, { logger }) => {
        app.get('/leak', (_req, res) => {
          logger.info({ national_id: '99-1', note: `tried ${env.JWT_SECRET} and p@ss-w0rd` }, 'Leaked r3dis-pw');
          res.end();
        });
      },
      { env: { ...env, SENSITIVE_FIELDS: 'nationalId, iban' } },
    );
    await request(kit.app)
      .get(`/leak?x=${encodeURIComponent(env.JWT_SECRET)}`)
      .expect(200);
    await kit.settled();
    expect(kit.logs.text()).toContain('Leaked [REDACTED]');
    for (const secret of ['99-1', 'PqRtYuIoP1', 'p@ss-w0rd', 'r3dis-pw']) expect(kit.logs.text()).not.toContain(secret);
    await kit.close();
  });
});

describe("a user's id that is an e-mail address (X-56)", () => {
  it.each([
    ['flat', { userId: 'a***@example.com' }],
    ['nested', { context: { user_id: 'ann@example.com' } }],
  ] as const)('in the %s schema is shown as its queries need it', (schema, shown) => {
    const { logger, lines } = recorded({ schema });
    logger.info({ userId: 'ann@example.com' }, 'told');
    logger.access({ userId: 'ann@example.com', method: 'GET' }, 'Request completed');
    expect(lines()).toMatchObject([shown, shown]);
  });
});

describe('an id whose digits could be a card number', () => {
  it.each(['cc5a3589-2619-4968-8122-68346d9d786f', '811822f9-4369-4848-9794-9189c74f17f1'])(
    'stays whole, so that the request can be found: %s',
    (id) => {
      const { logger, lines } = recorded();
      logger.info({ requestId: id, note: `of (${id})` }, `Failed: ${id}`);
      expect(lines()[0]).toMatchObject({ requestId: id, note: `of (${id})`, msg: `Failed: ${id}` });
    },
  );

  it('hides no card number, be it beside or where an id would be', () => {
    const id = 'cc5a3589-2619-4968-8122-68346d9d786f';
    const redactor = createRedactor();
    for (const text of [
      `${id} 4539-5787-6362-1486`,
      `4539-5787-6362-1486-${id}`,
      `${id}-4539578763621486`,
      'f9-4539-5787-6362-1486-aa',
    ])
      expect(redactor.text(text)).not.toContain('5787');
  });
});
