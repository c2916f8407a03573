import { Router } from 'express';
import { methodNotAllowed, type Ops, type RedisCommands } from 'express-runbook';
import { createCache } from 'express-runbook/cache';
import type { Pool } from 'pg';
import type { Callers } from '../auth/callers.js';
import { CACHE_TIMES } from '../cache-times.js';
import { z } from '../zod.js';

export const divisionSchema = z.object({ code: z.string(), title: z.string() }).openapi('CsiDivision');

type Division = z.output<typeof divisionSchema>;
type Parts = Pick<Ops, 'metrics' | 'logger'> & { readonly redis: RedisCommands | undefined };

/** The divisions that items belong to. Only a migration changes them, so every process may keep them for an hour. */
export function divisionRoutes(pool: Pool, { anyCaller }: Callers, { redis, metrics, logger }: Parts): Router {
  const router = Router();
  const ttlMs = CACHE_TIMES.csiDivisions;
  const cache = createCache<Division[]>({ name: 'csi_divisions', ttlMs, redis, logger, registry: metrics.registry });

  async function find(): Promise<Division[]> {
    const { rows } = await pool.query<Division>('SELECT code, title FROM csi_divisions ORDER BY code');
    return rows;
  }

  router.get('/', anyCaller, async (_req, res) => {
    res.json({ data: await cache.cached('csi_divisions', find) });
  });
  router.all('/', methodNotAllowed('GET'));

  return router;
}
