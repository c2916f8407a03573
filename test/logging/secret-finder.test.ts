import { describe, expect, it } from 'vitest';
import { createSecretFinder, createRedactor } from 'express-runbook';
import { expectNoSecrets } from 'express-runbook/testing';
import { corpus, REGISTERED } from './redaction-corpus.js';
import { recorded } from './recorded.js';

describe('createSecretFinder', () => {
  const finder = createSecretFinder();
  it.each([
    ['{"a":{"password":"hunter2"}}', 'sensitive field'],
    ['{"pin":1234}', 'sensitive field'],
    ['{"list":[["token","x1"]]}', 'sensitive field'],
    ['{"name":"password","value":"x1"}', 'sensitive field'],
    ['GET /login?password=hunter2 HTTP/1.1', 'sensitive field'],
    ['connect postgres://app:hunter2@db/app', 'password in a URL'],
    ['Authorization: Bearer abcdef1', 'authorization or cookie header'],
    ['got eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjMifQ.abc', 'JSON web token'],
    ['key ck_live_1234abcdefgh', 'provider key'],
    ['-----BEGIN PRIVATE KEY-----', 'private key'],
    ['paid with 4111 1111 1111 1111', 'card number'],
    ['{"n":4111111111111111}', 'card number'],
    ['Key (email)=(ann@example.com) already exists.', 'value in a database message'],
    [`Unexpected token 'h', "hunter2" is not valid JSON`, 'value in a parse error'],
    [Buffer.from('user ann, password=hunter2').toString('base64'), 'encoded secret'],
    ['a '.repeat(100_000) + 'password=hunter2', 'sensitive field'],
  ])('finds in %.60s: %s', (line, kind) => {
    expect(finder.kindsIn(line)).toEqual([kind]);
  });

  it.each([
    '{"password":"[REDACTED]","apiKey":"ck_live_1234...","token":null,"hasPassword":true,"tokens":120}',
    '{"msg":"order 1234567890123456 of 2026-11-22","at":1763800000000,"id":"f81d4fae-7dec-11d0-a765-00a0c91e6bf6"}',
    '127.0.0.1 - - "GET /items?q=1%20UNION%20SELECT HTTP/1.1" 200 512',
    '{"sha":"9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"}',
    '',
  ])('finds nothing in %s', (line) => {
    expect(finder.kindsIn(line)).toEqual([]);
  });

  it('finds what a redactor left out, and nothing once it has been through', () => {
    const strict = createSecretFinder();
    const redactor = createRedactor();
    const texts = corpus().flatMap(({ args }) => args().filter((one): one is string => typeof one === 'string'));
    const found = texts.filter((text) => strict.kindsIn(text).length > 0);
    expect(found.length).toBeGreaterThan(200);
    expect(texts.filter((text) => strict.kindsIn(redactor.text(text)).length > 0)).toEqual([]);
  });
});

describe('expectNoSecrets', () => {
  it('says line and kind, never the secret', () => {
    const lines = [{ msg: 'fine' }, { msg: 'x', password: 'hunter2' }, 'token=hunter2'];
    expect(() => expectNoSecrets(lines)).toThrow(/^2 secrets in 3 lines\n {2}line 2: sensitive field\n {2}line 3/);
    expect(() => expectNoSecrets(lines)).not.toThrow(/hunter2/);
    expect(() => expectNoSecrets('fine\nalso fine\n')).not.toThrow();
  });

  it('looks for what the test names, short values too, and for its own fields', () => {
    expect(() => expectNoSecrets(['pin was 77'], { secrets: ['77'] })).toThrow(/line 1: registered value/);
    const encoded = Buffer.from('x q7Fz0pLw').toString('base64');
    expect(() => expectNoSecrets([`a ${encoded}`], { secrets: ['q7Fz0pLw'] })).toThrow(/registered value/);
    expect(() => expectNoSecrets([{ iban: 'NL1' }], { sensitiveFields: ['iban'] })).toThrow(/sensitive field/);
    expect(() => expectNoSecrets(['a'], { secret: ['a'] } as never)).toThrow(/did you mean secrets/);
  });

  it('passes what our own logger writes, and not what it writes without redaction', () => {
    const some = corpus().filter((_placement, index) => index % 11 === 0);
    const secrets = REGISTERED.map(({ text }) => text);
    const textOf = (redact: boolean): string => {
      const { logger, text } = recorded({ redact });
      logger.registerSecrets(secrets);
      for (const { args } of some) Reflect.apply(logger.info, logger, args());
      return text();
    };
    expect(() => expectNoSecrets(textOf(true), { secrets })).not.toThrow();
    expect(() => expectNoSecrets(textOf(false), { secrets })).toThrow(/secrets in \d+ lines/);
  });
});
