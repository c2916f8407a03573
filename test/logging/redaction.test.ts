import express from 'express';
import request from 'supertest';
import { describe, expect, it } from 'vitest';
import { createRedactor } from 'express-runbook';
import { recorded } from './recorded.js';

const SECRET = 'S3cr3tV4lue';
const BASIC = Buffer.from(`ann:${SECRET}`).toString('base64');
const JWT = `eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjMifQ.${SECRET}`;
const API_KEY = `ck_live_1234${SECRET}`;

const withFields = (fields: object): Error => Object.assign(new Error('failed'), fields);
const parseError = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch (error) {
    return Object.assign(error as Error, { body: text, type: 'entity.parse.failed' });
  }
};

// Every place where a secret has been seen in a log.
const PLACEMENTS: readonly (readonly [where: string, args: unknown[]])[] = [
  ['a field', [{ password: SECRET }]],
  ['a capital', [{ Password: SECRET }]],
  ['all capitals', [{ PASSWORD: SECRET }]],
  ['a prefix', [{ newPassword: SECRET }]],
  ['a prefix, glued', [{ dbpassword: SECRET }]],
  ['a suffix', [{ passwordHash: SECRET }]],
  ['an abbreviation', [{ pwd: SECRET }]],
  ['snake case', [{ api_key: SECRET }]],
  ['camel case', [{ apiKey: SECRET }]],
  ['kebab case', [{ 'x-api-key': SECRET }]],
  ['an acronym', [{ APIKey: SECRET }]],
  ['an environment variable', [{ STRIPE_API_KEY: SECRET }]],
  ['a token', [{ token: SECRET }]],
  ['an access token', [{ access_token: SECRET }]],
  ['a refresh token', [{ refreshToken: SECRET }]],
  ['a client secret', [{ client_secret: SECRET }]],
  ['a private key', [{ privateKey: SECRET }]],
  ['credentials', [{ credentials: { a: SECRET } }]],
  ['a list of cookies', [{ cookies: [SECRET] }]],
  ['depth two', [{ a: { password: SECRET } }]],
  ['depth eight', [{ a: { b: { c: { d: { e: { f: { password: SECRET } } } } } } }]],
  ['an array', [{ list: [{ password: SECRET }] }]],
  ['an array of arrays', [{ list: [[{ token: SECRET }]] }]],
  ['a dotted key', [{ 'user.password': SECRET }]],
  ['a bracketed key', [{ 'user[password]': SECRET }]],
  ['a Map', [{ map: new Map([['password', SECRET]]) }]],
  ['a Map in a Set', [{ set: new Set([new Map([['token', SECRET]])]) }]],
  [
    'a class instance',
    [
      new (class User {
        password = SECRET;
      })(),
    ],
  ],
  ['an object without prototype', [Object.assign(Object.create(null) as object, { password: SECRET })]],
  ['what toJSON gives', [{ user: { toJSON: () => ({ password: SECRET }) } }]],
  ['a request header', [{ headers: { authorization: `Bearer ${SECRET}` } }]],
  ['a header in capitals', [{ headers: { Authorization: SECRET } }]],
  ['a proxy header', [{ headers: { 'proxy-authorization': SECRET } }]],
  ['a cookie header', [{ headers: { cookie: `sid=${SECRET}; a=b` } }]],
  ['a Set-Cookie header', [{ headers: { 'set-cookie': [`sid=${SECRET}`] } }]],
  ['raw headers', [{ rawHeaders: ['Authorization', SECRET, 'Cookie', SECRET] }]],
  ['a Bearer value', [{ note: `Bearer ${SECRET}` }]],
  ['a bearer value with another separator', [{ note: `bearer:${SECRET} bearer%20${SECRET} Bearer\t${SECRET}` }]],
  ['a Basic value', [{ note: `Basic ${BASIC}` }]],
  ['a JWT', [{ note: `got ${JWT} from them` }]],
  ['a JWT as message', [`got ${JWT}`]],
  ['the message', [`login with password=${SECRET}`]],
  ['the message, as prose', [`Password: ${SECRET}`]],
  ['the message, winston order', [`token: ${SECRET}`, { a: 1 }]],
  ['a message placeholder', ['body %j', { password: SECRET }]],
  ['a message placeholder of text', ['password=%s', SECRET]],
  ['a header line in the message', [`Authorization: ApiKey ${SECRET}`]],
  ['a cookie line in the message', [`Cookie: a=b; sid=${SECRET}`]],
  ['a JSON text', [{ body: `{"user":"ann","password":"${SECRET}"}` }]],
  ['a JSON text that was cut', [{ body: `{"password":"${SECRET}` }]],
  ['a JSON text with an escaped quote', [{ body: `{"password":"a\\"${SECRET}"}` }]],
  ['a JSON text in a JSON text', [{ body: JSON.stringify(JSON.stringify({ password: SECRET })) }]],
  ['a JSON text with a list', [{ body: `{"password":["${SECRET}"]}` }]],
  ['a text of a form', [{ body: `user=ann&password=${SECRET}&a=b` }]],
  ['a text behind another name', [{ note: `body: password=${SECRET}` }]],
  ['a query string', [{ url: `/login?password=${SECRET}&a=b` }]],
  ['a query string, escaped name', [{ url: `/login?%70assword=${SECRET}` }]],
  ['a query string, key', [{ url: `/maps?a=b&key=${SECRET}` }]],
  ['a query string, signature', [{ url: `/file?X-Amz-Signature=${SECRET}` }]],
  ['a query string, nested name', [{ url: `/login?user[password]=${SECRET}` }]],
  ['a fragment', [{ url: `/cb#access_token=${SECRET}` }]],
  ['a query string, behind a comma', [{ url: `/x?token=a,${SECRET}&b=c` }]],
  ['a query string, behind a semicolon', [{ url: `/x?token=a;${SECRET}` }]],
  ['a query string, behind a bracket', [{ url: `/x?token=a)${SECRET}` }]],
  ['a query string, behind a quote', [{ url: `/x?token="a",${SECRET}` }]],
  ['a query string, comma first', [{ url: `/x?token=,${SECRET}` }]],
  ['a query string, semicolon first', [{ url: `/x?a=b&token=;${SECRET}` }]],
  ['a query string in a text', [`GET /x?token=a,${SECRET} and /y?token=a'${SECRET} failed`]],
  ['a query string, behind a JWT', [{ url: `/x?token=${SECRET}.eyJhbGciOiJ9` }]],
  ['a fragment, behind a comma', [{ url: `/cb#access_token=a,${SECRET}` }]],
  ['an encoded address', [{ url: `/x?redirect=%2Fx%3Ftoken%3D${SECRET}&a=b` }]],
  ['an encoded address with a bare slash', [{ url: `/x?redirect=/x%3Ftoken%3D${SECRET}` }]],
  ['an address, encoded twice', [{ url: `/x?next=%2Fa%3Fnext%3D%252Fx%253Ftoken%253D${SECRET}` }]],
  ['an address, encoded three times', [{ url: `/x?next=%25252F%25253Ftoken%25253D${SECRET}` }]],
  ['an address with encoded slashes', [{ url: `/x?next=https:%2F%2Fu:${SECRET}@h` }]],
  ['a form, behind a comma', [{ body: `password=a,${SECRET}&a=b` }]],
  ['a query string in a text, behind signs', [`GET /x?token=\\,${SECRET} /x?token=<,${SECRET} failed`]],
  ['encoded JSON', [{ url: `/x?q=%7B%22password%22%3A%22${SECRET}%22%7D` }]],
  ['encoded JSON as a form has it', [{ url: `/x?q=%7B%22a%22%3A+1%2C+%22password%22%3A+%22${SECRET}%22%7D` }]],
  ['encoded JSON, all of the query', [{ url: `/x?%7B%22password%22%3A%22${SECRET}%22%7D` }]],
  ['encoded JSON behind bytes that are no UTF-8', [{ url: `/x?q=%FF%7B%22password%22%3A%22${SECRET}%22%7D%4` }]],
  ['an encoded user', [{ url: `/x?next=https%3A%2F%2Fu%3A${SECRET}%40h` }]],
  ['an encoded user in a path', [{ url: `/proxy/https%3A%2F%2Fu%3A${SECRET}%40h/a` }]],
  ['an encoded user in a text', [`GET /x?next=https%3A%2F%2Fu%3A${SECRET}%40h failed`]],
  ['a Bearer value as a form has it', [{ url: `/x?header=Bearer+${SECRET}` }]],
  ['several passwords', [{ passwords: [SECRET], PASSWORDS: SECRET }]],
  ['several tokens', [{ tokens: { ann: SECRET }, refresh_tokens: [SECRET] }]],
  ['several API keys', [{ apiKeys: [SECRET], 'api-keys': SECRET }]],
  ['several secrets', [{ secrets: SECRET, 'app[secrets]': SECRET }]],
  ['several secrets in a text', [`tokens=${SECRET} "apiKeys":["${SECRET}"]`]],
  ['a web address, password with #', [`GET https://u:a#${SECRET}@h failed`]],
  ['a web address, password with / and ?', [`https://u:a/${SECRET}@h https://u:a?${SECRET}@h`]],
  ['a web address, long password', [`https://u:${'a'.repeat(600)}${SECRET}@h`]],
  ['a web address that ends before its @', [`token=${'a'.repeat(8_150)} https://u:${SECRET}${'b'.repeat(99)}@h`]],
  ['a connection string that ends before its @', [`postgres://u:${SECRET}`]],
  ['a connection string', [{ url: `postgres://app:${SECRET}@db:5432/app` }]],
  ['a connection string in the message', [`connect failed: redis://:${SECRET}@cache:6379`]],
  ['a connection string, password with @ and /', [`postgres://app:a@b/${SECRET}@db/app`]],
  ['a web address', [`GET https://ann:${SECRET}@example.com/a?b=c`]],
  ['a git address', [`https://${SECRET}@github.com/a/b`]],
  ['a private key in a text', [`-----BEGIN RSA PRIVATE KEY-----\n${SECRET}\n-----END RSA PRIVATE KEY-----`]],
  ['an API key in the message', [`key ${API_KEY} refused`]],
  ['an API key in a URL', [{ url: `/v1?k=${API_KEY}` }]],
  ['an API key in a path', [{ url: `/v1/${API_KEY}/items` }]],
  ['an API key of another kind', [`sk_test_1234${SECRET}`]],
  ["an error's message", [new Error(`connect postgres://u:${SECRET}@h failed`)]],
  ["an error's stack", [Object.assign(new Error('x'), { stack: `Error: token=${SECRET}\n at x` })]],
  ["an error's field", [withFields({ password: SECRET })]],
  ["an error's request", [withFields({ config: { headers: { Authorization: `Bearer ${SECRET}` } } })]],
  ["an error's response", [withFields({ response: { data: { token: SECRET }, headers: { 'set-cookie': [SECRET] } } })]],
  ["an error's body, cut", [withFields({ body: `{"pass":"${SECRET}` })]],
  ["an error's body, any text", [withFields({ body: SECRET })]],
  ["an error's cause", [new Error('x', { cause: new Error(`password=${SECRET}`) })]],
  ["an aggregated error's field", [new AggregateError([withFields({ token: SECRET })])]],
  ["a parse error's message", [parseError(SECRET)]],
  ["a parse error's quote", [parseError(`{"a": ${SECRET}}`)]],
  ["Postgres' detail", [withFields({ code: '23505', detail: `Key (email)=(${SECRET})` })]],
  ['an err next to fields', [{ err: withFields({ password: SECRET }), a: 1 }, 'failed']],
  ['a circle', [((node: Record<string, unknown>) => Object.assign(node, { self: node }))({ password: SECRET })]],
  ['behind 4 KiB', [{ text: `${'x'.repeat(4_090)} password=${SECRET}` }]],
];

describe('no secret reaches a line (LOG-60, LOG-62, S17)', () => {
  it.each(PLACEMENTS)('in %s', (_where, args) => {
    const { logger, text, lines } = recorded();
    Reflect.apply(logger.info, logger, args);
    expect(lines()).toHaveLength(1);
    expect(text()).not.toContain(SECRET);
    expect(text()).not.toContain(BASIC);
  });

  it.each(PLACEMENTS.filter(([, [first]]) => typeof first === 'object'))(
    'of a child logger, in %s',
    (_where, [bindings]) => {
      const { logger, text } = recorded();
      logger.child(bindings as object).info('said');
      expect(text()).not.toContain(SECRET);
    },
  );

  it('in pretty output', () => {
    const { logger, text } = recorded({ format: 'pretty' });
    logger.info({ password: SECRET }, `token=${SECRET}`);
    expect(text()).not.toContain(SECRET);
  });

  it('in the line of the body-parser error that quotes what the client sent', async () => {
    const { logger, text } = recorded();
    const app = express();
    app.use(express.json());
    app.use(((error, _req, res, next) => {
      logger.error({ err: error }, 'Error occurred');
      if (res.headersSent) next(error);
      else res.status(400).end();
    }) as express.ErrorRequestHandler);
    await request(app).post('/').set('Content-Type', 'application/json').send(`{"password":"${SECRET}"`).expect(400);
    await request(app).post('/').set('Content-Type', 'application/json').send(`{"a":${SECRET}}`).expect(400);
    expect(text()).toContain('Error occurred');
    expect(text()).not.toContain(SECRET);
  });
});

describe('redaction', () => {
  it('shows the first twelve characters of an API key, wherever it stands (LOG-61)', () => {
    const { logger, lines } = recorded();
    logger.info({ apiKey: API_KEY, url: `/v1?api_key=${API_KEY}`, path: `/v1/${API_KEY}` }, `key ${API_KEY} refused`);
    expect(lines()).toMatchObject([
      {
        ...{ apiKey: 'ck_live_1234...', url: '/v1?api_key=ck_live_1234...', path: '/v1/ck_live_1234...' },
        msg: 'key ck_live_1234... refused',
      },
    ]);
  });

  it('leaves alone what only looks like a secret', () => {
    const { logger, lines } = recorded();
    const innocent = {
      ...{
        tokens: 120,
        promptTokens: 5,
        tokenCount: 7,
        spin: 'left',
        passenger: 'ann',
        secretary: 'bob',
        author: 'eve',
      },
      ...{ note: 'basic auth failed, bearer token missing', at: '10:00', url: '/items?page=2&q=1%20UNION%20SELECT' },
      ...{ hasPassword: true, password: null, file: 'file:///app/node_modules/@scope/x.js:1:2', to: 'ann@example.com' },
    };
    logger.info(innocent, 'login failed: wrong name');
    expect(lines()[0]).toMatchObject({ ...innocent, msg: 'login failed: wrong name' });
  });

  it.each([
    [
      '/items?q=1%20UNION%20SELECT&a=%7B%22b%22%3A1%7D&c=100%',
      '/items?q=1%20UNION%20SELECT&a=%7B%22b%22%3A1%7D&c=100%',
    ],
    ['/x?next=https%3A%2F%2Fexample.com%3A8080%2Fa&b=c+d', '/x?next=https%3A%2F%2Fexample.com%3A8080%2Fa&b=c+d'],
    ['/x?token=a,b;c)d&page=2#top', '/x?token=[REDACTED]&page=2#top'],
    ['/x?token=&page=2', '/x?token=&page=2'],
    ['/x?redirect=%2Fy%3Ftoken%3Da&page=2#top', '/x?redirect=[REDACTED]&page=2#top'],
    ['/x?max_tokens=100&tokens=a', '/x?max_tokens=100&tokens=[REDACTED]'],
    ['used tokens: 120, {"total_tokens":57}', 'used tokens: 120, {"total_tokens":57}'],
    ['{"url":"/x?token=a,b","page":2}', '{"url":"/x?token=[REDACTED]","page":2}'],
    ["asked '/x?token=a' twice", "asked '/x?token=[REDACTED]' twice"],
    ['https://u:a@h/b?mail=c@d', 'https://u:[REDACTED]@h/b?mail=c@d'],
    ['https://u:a#b@h', 'https://u:[REDACTED]@h'],
    ['https://example.com:8080/#/a@b', 'https://example.com:8080/#/a@b'],
    ['listening on http://localhost:3000.', 'listening on http://localhost:3000.'],
    ['listening on http://[::1]:3000', 'listening on http://[::1]:3000'],
    ['no answer from redis://cache:6379', 'no answer from redis://cache:6379'],
    ['mongodb://db-1:27017,db-2:27017', 'mongodb://db-1:27017,db-2:27017'],
  ])('hides what is secret in an address and no more: %s', (text, shown) => {
    const redactor = createRedactor();
    expect(redactor.text(text)).toBe(shown);
    expect(redactor.text(shown)).toBe(shown);
  });

  it('knows a plural from a count (LOG-43)', () => {
    const redactor = createRedactor();
    expect(redactor.value({ tokens: 120, totalTokens: 5, hasTokens: true })).toEqual({
      ...{ tokens: 120, totalTokens: 5, hasTokens: true },
    });
    expect(redactor.value({ tokens: '120', pins: [1234], pass: 1234, pin: 1 })).toEqual({
      ...{ tokens: '[REDACTED]', pins: '[REDACTED]', pass: '[REDACTED]', pin: '[REDACTED]' },
    });
  });

  it('knows the fields that the service adds, in every spelling', () => {
    const { logger, text, lines } = recorded({ sensitiveFields: ['nationalId'] });
    logger.info({ national_id: SECRET, user: { NationalID: SECRET }, name: 'ann' }, `national-id=${SECRET}`);
    expect(text()).not.toContain(SECRET);
    expect(lines()[0]?.name).toBe('ann');
  });

  it('can be switched off, and lines stay bounded (CFG-33)', () => {
    const { logger, lines } = recorded({ redact: false });
    logger.info({ password: SECRET, text: 'x'.repeat(1e6) }, `token=${SECRET}`);
    expect(lines()).toMatchObject([{ password: SECRET, msg: `token=${SECRET}` }]);
    expect(lines()[0]?.text.length).toBeLessThan(5_000);
  });

  it('stands on its own', () => {
    const redactor = createRedactor({ sensitiveFields: ['nationalId'] });
    const given = { user: 'ann', password: SECRET, nationalId: 1, nested: [{ token: SECRET }] };
    expect(redactor.value(given)).toEqual({
      ...{ user: 'ann', password: '[REDACTED]', nationalId: '[REDACTED]', nested: [{ token: '[REDACTED]' }] },
    });
    expect(redactor.text(`postgres://app:${SECRET}@db/app`)).toBe('postgres://app:[REDACTED]@db/app');
    expect(given.password).toBe(SECRET);
  });
});
