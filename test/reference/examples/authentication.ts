import express from 'express';
import {
  accessGuard,
  bearerAuth,
  createApiKeys,
  createLogger,
  createLoginAttempts,
  errorHandler,
  principalOf,
  type ApiKeyRecord,
} from 'express-runbook';

const logger = createLogger({ service: 'orders', level: 'error' });

const kept = new Map<string, ApiKeyRecord>(); // a table of yours, with an index on the digest
export const apiKeys = createApiKeys({
  store: {
    add: (record) => Promise.resolve(void kept.set(record.digest, record)),
    find: (digest) => Promise.resolve(kept.get(digest)),
  },
  logger,
});
const logins = createLoginAttempts({ maxFailures: 5, logger });

export const app = express();
app.post('/login', express.json(), async (req, res) => {
  const { email, password } = req.body as { email: string; password: string };
  const principal = await logins.attempt(req, email, () =>
    Promise.resolve(password === 'test123' ? { userId: '7' } : { reason: 'wrong password' }),
  );
  res.json(principal);
});
app.get('/me', bearerAuth({ authenticators: [apiKeys.authenticator] }), (req, res) => {
  res.json(principalOf(req));
});
app.get('/internal', accessGuard({ networks: ['10.0.0.0/8'] }), (_req, res) => {
  res.json({ ok: true });
});
app.use(errorHandler({ logger })); // answers 401, 403 and 429
