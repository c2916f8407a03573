import { randomBytes } from 'node:crypto';
import express from 'express';
import { bearerAuth, createLogger, errorHandler, principalOf } from 'express-runbook';
import { createTokenIssuer } from 'express-runbook/auth';

export const tokens = createTokenIssuer({
  secret: process.env.JWT_SECRET ?? randomBytes(32).toString('base64'),
  lifetimeSeconds: 900,
});

export const app = express();
app.get('/me', bearerAuth({ authenticators: [tokens.authenticator] }), (req, res) => {
  res.json(principalOf(req));
});
app.use(errorHandler({ logger: createLogger({ service: 'orders', level: 'error' }) }));
