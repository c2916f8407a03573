import express from 'express';
import { createOps } from 'express-runbook';

export const ops = createOps({
  service: 'orders',
  console: {
    // Whoever your own sign-in let in; without a guard, OPS_TOKEN and OPS_NETWORKS decide.
    guard: (req, res, next) => {
      if (req.headers['x-forwarded-user'] === undefined) res.writeHead(401).end();
      else next();
    },
  },
});

export const app = express();
app.use(ops.before);
app.use(ops.after);
