import { advisePoolSize, poolSize, poolSizeBand, waitForDatabase } from 'express-runbook/postgres';
import { ops, pool } from './pool.js';

await waitForDatabase(pool, { timeoutMs: 30_000, logger: ops.logger });
export const advice = await advisePoolSize(pool, { replicas: 4, logger: ops.logger });

export const best = poolSize(8, 1); // 17: connections that a server of 8 cores and one SSD serves best
export const usual = poolSizeBand('medium'); // { from: 20, to: 50 }
