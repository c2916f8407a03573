import { once } from 'node:events';
import express from 'express';
import { createHttpServer } from 'express-runbook';

const app = express();
app.get('/', (_req, res) => {
  res.send('hello');
});

export const server = createHttpServer(app, { keepAliveTimeoutMs: 75_000 });
server.listen(Number(process.env.PORT ?? 3000), '127.0.0.1');
await once(server, 'listening');
