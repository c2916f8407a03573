import {
  createHealthRouter,
  createLogger,
  createMetrics,
  databaseCheck,
  diskCheck,
  getContext,
  loadConfig,
  loggerOptions,
  memoryCheck,
} from 'express-runbook';
import { alertTables, createAlerts } from 'express-runbook/alerts';
import { createTokenIssuer } from 'express-runbook/auth';
import { createCache } from 'express-runbook/cache';
import { createPool } from 'express-runbook/postgres';

const service = 'beo-automation';
const config = loadConfig();

export const logger = createLogger({ ...loggerOptions(config), schema: 'winston', service, appFile: 'combined.log' });
export const metrics = createMetrics({ service, logger });
const { registry } = metrics;

export const pool = createPool({
  connectionString: config.database.url,
  max: 20,
  idleTimeoutMs: 30_000,
  connectionTimeoutMs: 2000,
  logger,
  registry,
  context: getContext,
});
export const health = createHealthRouter({
  checks: [databaseCheck({ pool }), memoryCheck({ percentageOf: 'heapTotal' }), diskCheck()],
  format: 'checks',
  details: 'always',
  statusCodes: { degraded: 503 },
  logger,
  registry,
});
export const events = createCache<readonly Event[]>({
  name: 'events',
  ttlMs: 5 * 60_000,
  maxEntries: 500,
  logger,
  registry,
});
export const alerts = createAlerts({ service, store: alertTables({ pool }), logger, registry });
export const { sendAlert } = alerts;
export const tokens = createTokenIssuer({ secret: config.auth.jwtSecret ?? '', logger, registry });

export interface Event {
  readonly id: number;
  readonly type: string;
}

/** The guide's `cached('events:user:…', fetcher, ttl)`, with what is awaited and what is kept. */
export function eventsOf(userId: string): Promise<readonly Event[]> {
  return events.cached(`events:user:${userId}`, () => findEvents(userId), 10 * 60_000);
}

async function findEvents(userId: string): Promise<readonly Event[]> {
  const { rows, duration } = await pool.query<Event>('SELECT id, type FROM events WHERE user_id = $1', [userId]);
  logger.debug('Events found', { duration, count: rows.length });
  return rows;
}
