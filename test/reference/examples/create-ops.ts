import type { Server } from 'node:http';
import express from 'express';
import { createOps } from 'express-runbook';

export const ops = createOps({ service: 'orders', version: '1.4.0' });

const app = express();
app.use(ops.before);
app.get('/orders/:id', (req, res) => {
  res.json({ id: req.params.id });
});
app.use(ops.after);

export const start = (): Promise<Server> => ops.listen(app); // HOST and PORT; SIGTERM drains
