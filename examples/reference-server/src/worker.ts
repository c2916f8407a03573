import express from 'express';
import { createServiceEvents } from './events/service-events.js';
import { failStart } from './fail.js';
import { loadSettings } from './settings.js';
import { createService, createServicePool } from './start.js';
import { createWork } from './work.js';

// The entry of `npm run worker`: works on jobs and events, and serves nothing but its health and metrics, on a port of its own. As many as
// are wanted run beside the service.
async function main(): Promise<void> {
  // The port in .env or the profile is the service's.
  const settings = loadSettings(process.env.PORT === undefined ? { PORT: 0 } : {});
  const { ops, redis } = createService(settings);
  for (const warning of settings.config.warnings) ops.logger.warn({}, warning);
  const pool = createServicePool(settings, ops);
  ops.addPool(pool);
  const { jobs } = createWork(settings, { ops, pool, redis });
  const events = createServiceEvents(settings, { ops, pool, redis });
  const app = express();
  app.use(ops.before);
  app.use(ops.after);
  await ops.listen(app);
  jobs.start();
  events.start();
}

main().catch(failStart);
