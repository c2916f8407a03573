import { fork } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { resolve } from 'node:path';
import express from 'express';
import { USER, USER_ROUTE } from './user.mjs';

const ENVIRONMENT = {
  NODE_ENV: 'production',
  HOST: '127.0.0.1',
  PORT: '0',
  RATE_LIMIT_MAX: '1000000000',
};

/** Everything that `createOps` wires, as the quick start has it. */
async function wired(checkout, options = {}) {
  const { createOps, loadConfig } = await import(pathToFileURL(resolve(checkout, 'dist/index.js')).href);
  const config = loadConfig({ env: ENVIRONMENT, envFile: false });
  const ops = createOps({ service: 'bench', config, ...options });
  const app = express();
  app.use(ops.before);
  app.get(USER_ROUTE, (_req, res) => {
    res.json(USER);
  });
  app.use(ops.after);
  return { app, ops };
}

export async function fullStack(checkout) {
  const { app, ops } = await wired(checkout);
  return ops.listen(app);
}

// In production it wants to be told who may look.
const WITH_CONSOLE = { console: { networks: ['127.0.0.0/8'] } };

export async function fullStackConsole(checkout) {
  const { app, ops } = await wired(checkout, WITH_CONSOLE);
  return ops.listen(app);
}

/** With somebody who looks at it, from a process of their own: at the samples, and at each line of the log. */
export async function fullStackLookedAt(checkout) {
  const server = await fullStackConsole(checkout);
  // It ends with the connection to this process.
  fork(fileURLToPath(new URL('../console-page.mjs', import.meta.url)), [String(server.address().port)], {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  }).unref();
  return server;
}

/** The same, for a team whose server is made by somebody else. */
export async function fullStackPlain(checkout) {
  const { app, ops } = await wired(checkout);
  const server = createServer(app);
  ops.shutdown.serve(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  ops.shutdown.ready();
  return server;
}
