import { createHealthRouter, databaseCheck, diskCheck, eventLoopCheck, httpCheck, memoryCheck } from 'express-runbook';
import { Pool } from 'pg';

const pool = new Pool({ connectionString: process.env.DATABASE_URL });
const eventLoop = eventLoopCheck();

export const health = createHealthRouter({
  checks: [
    databaseCheck({ pool }),
    httpCheck({ name: 'payments', url: process.env.PAYMENTS_URL ?? 'http://127.0.0.1:9000/health' }),
    memoryCheck(),
    diskCheck({ path: '/', warnPercent: 90 }),
    eventLoop,
  ],
});

export async function close(): Promise<void> {
  await Promise.all([health.close(), eventLoop.close(), pool.end()]);
}
