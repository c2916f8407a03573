import { EventEmitter } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { Router } from 'express';
import { AppError, ConflictError, ProfilerError, type Profiler } from 'express-runbook';
import type { Pool } from 'pg';
import { body, query } from '../validation.js';
import { z } from '../zod.js';
import { holdMemory } from './hold-memory.js';

const waitSchema = z.object({
  ms: z
    .string()
    .regex(/^\d{1,5}$/, 'must be milliseconds, at most 99999')
    .transform(Number)
    .default(1000),
});

const memorySchema = waitSchema.extend({
  mb: z
    .string()
    .regex(/^(?:[1-9]\d{0,2}|1000)$/, 'must be megabytes, from 1 to 1000')
    .transform(Number)
    .default(64),
});

const echoSchema = z.strictObject({ name: z.string().min(1).max(100), count: z.int().optional() });

const errorSchema = z.object({
  kind: z.enum(['plain', 'sql', 'string', 'null', 'operational', 'async']).default('plain'),
});

const crashSchema = z.object({
  kind: z.enum(['timer', 'rejection', 'emitter', 'null', 'symbol', 'frozen']).default('timer'),
});

/** Faults on demand, to try logs, alerts and dashboards with. Not mounted in production unless DEV_ROUTES=true, nor where nobody is kept out. */
export function devRoutes(pool: Pool, profiler: Profiler): Router {
  const router = Router();

  router.get('/slow', async (req, res) => {
    const { ms } = query(waitSchema, req);
    await sleep(ms);
    res.json({ sleptMs: ms });
  });

  router.get('/memory', async (req, res) => {
    const { mb, ms } = query(memorySchema, req);
    await holdMemory(mb, ms);
    res.json({ heldMegabytes: mb, heldMs: ms });
  });

  router.get('/query', async (req, res) => {
    const { ms } = query(waitSchema, req);
    await pool.query('SELECT pg_sleep($1::float8 / 1000)', [ms]);
    res.json({ queriedMs: ms });
  });

  router.post('/echo', (req, res) => {
    res.json(body(echoSchema, req));
  });

  router.get('/error', async (req) => {
    await fail(query(errorSchema, req).kind, pool);
  });

  router.get('/late-error', async (_req, res) => {
    await new Promise((resolve) => res.write('half of an answ', resolve));
    throw new Error('thrown after the headers went out');
  });

  router.get('/crash', (req, res) => {
    const { kind } = query(crashSchema, req);
    res.json({ crashing: kind });
    crash(kind);
  });

  router.post('/heap-snapshot', async (_req, res) => {
    try {
      res.status(201).json({ file: await profiler.heap() });
    } catch (error) {
      if (error instanceof ProfilerError) throw new AppError(503, error.message, true, { expose: true });
      throw error;
    }
  });

  router.get('/events', async (req, res) => {
    const { ms } = query(waitSchema, req);
    res.type('text/event-stream').set('Cache-Control', 'no-store');
    res.write('data: first\n\n');
    await sleep(ms);
    res.end('data: last\n\n');
  });

  router.get('/items/:id', (req, res) => {
    res.json({ id: req.params.id });
  });

  return router;
}

async function fail(kind: z.output<typeof errorSchema>['kind'], pool: Pool): Promise<void> {
  switch (kind) {
    case 'plain':
      throw new Error('a plain error that was asked for');
    case 'sql':
      await pool.query('SELECT * FROM no_such_table');
      return;
    case 'string':
      // eslint-disable-next-line @typescript-eslint/only-throw-error -- the fault that is asked for
      throw 'a string that was thrown';
    case 'null':
      // eslint-disable-next-line @typescript-eslint/only-throw-error -- the fault that is asked for
      throw null;
    case 'operational':
      throw new ConflictError('an operational error that was asked for');
    case 'async':
      await sleep(1);
      throw new Error('an error of a promise, as asked for');
  }
}

/** Each ends the process: by an exception that nobody catches, or a rejection that nobody handles. */
function crash(kind: z.output<typeof crashSchema>['kind']): void {
  const error = new Error('a crash that was asked for');
  const thrown = { null: null, symbol: Symbol('crash'), frozen: Object.freeze(error) };
  if (kind === 'rejection') void Promise.reject(error);
  else if (kind === 'emitter') setImmediate(() => new EventEmitter().emit('error', error));
  else {
    setImmediate(() => {
      // eslint-disable-next-line @typescript-eslint/only-throw-error -- the fault that is asked for
      throw kind === 'timer' ? error : thrown[kind];
    });
  }
}
