import type { RefreshTokenStore } from 'express-runbook/auth';
import { createPool, type ObservedPool } from 'express-runbook/postgres';
import { expect, it } from 'vitest';
import { fromExample } from '../support/example-sources.js';
import { migratedDatabase } from '../support/migrated-database.js';
import { brokenPromises } from './extending/refresh-token-promises.js';

it('the store of refresh tokens that the page names keeps all its promises', async () => {
  const database = await migratedDatabase({ isSeeded: true });
  const pool = createPool({ connectionString: database.url });
  const { rows } = await pool.query<{ id: string }>('SELECT id FROM users LIMIT 1');
  const { refreshTokenStore } = await fromExample('auth/refresh-token-store.ts');
  const store = (refreshTokenStore as (on: ObservedPool) => RefreshTokenStore)(pool);
  expect(await brokenPromises(store, rows[0]!.id)).toEqual([]);
  await pool.close();
  await database.drop();
});
