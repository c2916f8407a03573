import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { LRUCache } from 'lru-cache';
import pg from 'pg';
import { destination, pino } from 'pino';
import { describe, expect, it } from 'vitest';
import { testDatabase } from '../support/postgres.js';

/** What docs/defects.md says of code that guides print: here it is as it is printed. What stands in its place has tests of its own. */
describe('code of the guides, as it is printed', () => {
  it('a line of pino that is given an object alone has no message (T-22)', () => {
    let line = '';
    const stream = new Writable({
      write(chunk, _encoding, done) {
        line += String(chunk);
        done();
      },
    });
    pino(stream).info({ event: 'started' });
    expect(JSON.parse(line)).toMatchObject({ event: 'started' });
    expect(Object.keys(JSON.parse(line) as object)).not.toContain('msg');
  });

  it('a line of pino is not in the file when the call returns, unless it is told sync: true (T-33)', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'defects-of-code-'));
    const written = (name: string): string => {
      const file = join(folder, name);
      return existsSync(file) ? readFileSync(file, 'utf8') : '';
    };
    pino(destination({ dest: join(folder, 'at-once'), sync: true })).info('a line');
    expect(written('at-once')).toContain('a line');
    const target = destination(join(folder, 'later'));
    pino(target).info('a line');
    expect(written('later')).toBe('');
    target.end();
    await once(target, 'close');
    expect(written('later')).toContain('a line');
    rmSync(folder, { recursive: true });
  });

  it('a count that is kept with a time to live never ends under steady traffic (T-15)', () => {
    let now = 1;
    const counts = new LRUCache<string, number>({ max: 500, ttl: 60_000, perf: { now: () => now } });
    for (let second = 0; second < 600; second++) {
      now += 1000;
      counts.set('127.0.0.1', (counts.get('127.0.0.1') ?? 0) + 1);
    }
    expect(counts.get('127.0.0.1')).toBe(600);
  });

  it('a subclass whose base sets its own prototype is none (T-42)', () => {
    class AppError extends Error {
      constructor(message: string) {
        super(message);
        Object.setPrototypeOf(this, AppError.prototype);
      }
    }
    class NotFoundError extends AppError {}
    const error = new NotFoundError('Event not found');
    expect(error instanceof NotFoundError).toBe(false);
    expect(error.name).toBe('Error');
  });

  it('a pool of pg has no event for queries and no duration (T-13), and opens none for min (T-48)', async () => {
    const database = await testDatabase();
    const pool = new pg.Pool({ connectionString: database.url, min: 5 });
    const heard: unknown[] = [];
    pool.on('query' as 'connect', (query: unknown) => heard.push(query));
    const result = await pool.query('SELECT 1');
    expect([heard, (result as { duration?: number }).duration, pool.totalCount]).toEqual([[], undefined, 1]);
    await pool.end();
    await database.drop();
  });
});
