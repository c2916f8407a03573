import express from 'express';
import { conformance, testOps } from 'express-runbook/testing';

const { ops, close } = testOps();
const app = express();
app.use(ops.before);
app.get('/orders', (_req, res) => {
  res.json([]);
});
app.use(ops.after);

export const report = await conformance({ app, path: '/orders', only: ['ids', 'probes'] });
await close();
