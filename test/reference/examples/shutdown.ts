import { once } from 'node:events';
import express from 'express';
import { createGracefulShutdown, createHealthRouter, createHttpServer } from 'express-runbook';

export const shutdown = createGracefulShutdown({ delayMs: 500, timeoutMs: 10_000 });

const app = express();
app.use(createHealthRouter({ state: () => shutdown.state() })); // readiness says no while draining

export const server = createHttpServer(app);
shutdown.serve(server);
shutdown.add('search index', () => undefined); // your own close(); last added, first closed
shutdown.install(); // signals and crashes

server.listen(Number(process.env.PORT ?? 3000), '127.0.0.1');
await once(server, 'listening');
shutdown.ready();
