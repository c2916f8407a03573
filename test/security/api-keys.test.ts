import request from 'supertest';
import { describe, expect, it } from 'vitest';
import {
  bearerAuth,
  correlationId,
  createApiKeys,
  createRedactor,
  errorHandler,
  getContext,
  principalOf,
  type ApiKeyRecord,
  type ApiKeyStore,
} from 'express-runbook';
import { fakeClock } from 'express-runbook/testing';
import { recordingLogger } from '../support/recording-logger.js';
import { EXPRESS_MAJORS } from '../support/serve.js';

const NOW = Date.UTC(2026, 10, 22);
const ACME = { clientId: 'acme' };

/** Keys in memory; those of the reference server are in Postgres. */
function memoryKeys(): ApiKeyStore & { readonly records: ApiKeyRecord[] } {
  const records: ApiKeyRecord[] = [];
  return {
    records,
    add: (record) => Promise.resolve(void records.push(record)),
    find: (digest) => Promise.resolve(records.find((one) => one.digest === digest)),
  };
}

describe.each(EXPRESS_MAJORS)('API keys on %s', (_label, create) => {
  function guarded(store: ApiKeyStore = memoryKeys()) {
    const clock = fakeClock(NOW);
    const logger = recordingLogger();
    const apiKeys = createApiKeys({ store, logger, now: clock.now });
    const app = create();
    app.use(correlationId());
    app.get('/', bearerAuth({ authenticators: [apiKeys.authenticator] }), (req, res) => {
      res.json({ principal: principalOf(req), context: getContext() });
    });
    app.use(errorHandler({ logger: recordingLogger() }));
    const call = (key: string) => request(app).get('/').set('Authorization', `Bearer ${key}`);
    return { app, apiKeys, call, clock, lines: logger.lines };
  }

  it('open the door for their client, by either header, until they are revoked (SEC-04, X-65)', async () => {
    const store = memoryKeys();
    const { app, apiKeys, call, lines } = guarded(store);
    const { key } = await apiKeys.create(ACME);
    const other = await apiKeys.create(ACME);
    const { body } = await call(key).expect(200);
    expect(body.principal).toEqual(ACME);
    expect(body.context.clientId).toBe('acme');
    await request(app).get('/').set('X-API-Key', key).expect(200);

    store.records[0] = { ...store.records[0]!, revokedAt: new Date(NOW) };
    const refused = await call(key).expect(401);
    expect(refused.body.error.message).toBe('Invalid token');
    expect(lines).toEqual([
      {
        level: 'warn',
        message: 'API key was used after it was revoked',
        fields: { ...ACME, apiKey: `${key.slice(0, 12)}...`, revokedAt: new Date(NOW) },
      },
    ]);
    await call(other.key).expect(200);
  });

  it('end by themselves when they were made so', async () => {
    const { apiKeys, call, clock, lines } = guarded();
    const { key } = await apiKeys.create(ACME, { expiresAt: new Date(NOW + 1000) });
    await call(key).expect(200);
    clock.advance(1000);
    expect((await call(key).expect(401)).body.error.message).toBe('Token expired');
    expect(lines.map(({ message }) => message)).toEqual(['API key was used after it expired']);
  });

  it('are kept as a digest: no store and no line ever has one (SEC-04, LOG-61)', async () => {
    const store = memoryKeys();
    const { apiKeys } = guarded(store);
    const { key, record } = await apiKeys.create(ACME);
    expect(key).toMatch(/^ck_live_[A-Za-z0-9]{40}$/);
    expect(record.prefix).toBe(key.slice(0, 12));
    expect(JSON.stringify(store.records)).not.toContain(key.slice(12));
    const redactor = createRedactor();
    expect(redactor.text(`key ${key} made`)).toBe(`key ${record.prefix}... made`);
    const keys = await Promise.all(Array.from({ length: 200 }, () => apiKeys.create(ACME)));
    expect(new Set(keys.map((one) => one.key)).size).toBe(200);
  });

  it.each([
    ['of nobody', `ck_live_${'a'.repeat(40)}`],
    ['with one more character', 'ONE_MORE'],
    ['cut short', 'CUT'],
    ['in capitals', 'CAPITALS'],
    ['of 8000 characters', `ck_live_${'a'.repeat(8000)}`],
    ['of another prefix', `ck_test_${'a'.repeat(40)}`],
  ])('%s open nothing, and are a 401 with one text (S51)', async (_what, given) => {
    const { apiKeys, call } = guarded();
    const { key } = await apiKeys.create(ACME);
    const made = { ONE_MORE: `${key}a`, CUT: key.slice(0, -1), CAPITALS: key.toUpperCase() }[given] ?? given;
    expect((await call(made).expect(401)).body.error.message).toBe('Invalid token');
  });

  it('found by less than the whole digest open nothing', async () => {
    const store = memoryKeys();
    const careless: ApiKeyStore = { ...store, find: () => Promise.resolve(store.records[0]) };
    const { apiKeys, call } = guarded(careless);
    await apiKeys.create(ACME);
    await call(`ck_live_${'a'.repeat(40)}`).expect(401);
  });

  it('that cannot be looked up are no 401: it is not the client who is wrong', async () => {
    const away: ApiKeyStore = { ...memoryKeys(), find: () => Promise.reject(new Error('away')) };
    await guarded(away)
      .call(`ck_live_${'a'.repeat(40)}`)
      .expect(500);
  });
});
