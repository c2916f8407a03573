import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createMigrator, createPool, type Migrator, type ObservedPool } from 'express-runbook/postgres';
import { testDatabase } from '../support/postgres.js';

let database: Awaited<ReturnType<typeof testDatabase>>;
let pool: ObservedPool;
let dir: string;
let migrator: Migrator;

beforeEach(async () => {
  database = await testDatabase();
  pool = createPool({ connectionString: database.url });
  dir = await mkdtemp(join(tmpdir(), 'modules-'));
  migrator = createMigrator({ pool, dir });
});
afterEach(async () => {
  await pool.close({ timeoutMs: 0 });
  await Promise.all([database.drop(), rm(dir, { recursive: true })]);
});

async function write(files: Record<string, string>): Promise<void> {
  for (const [name, text] of Object.entries(files)) await writeFile(join(dir, name), text);
}

async function tables(): Promise<string[]> {
  const { rows } = await pool.query<{ name: string }>(
    `select table_name as name from information_schema.tables where table_schema = 'public' order by 1`,
  );
  return rows.map(({ name }) => name);
}

const COMMONJS = `
exports.up = async ({ client }) => { await client.query('create table a (n int)'); };
exports.down = async ({ client }) => { await client.query('drop table a'); };
`;
const ESM = `
export default {
  async up({ client }) { await client.query('create table b (n int)'); },
  async down({ client }) { await client.query('drop table b'); },
};
`;

describe('a module as migration', () => {
  it('is CommonJS or ESM, stands in one order with SQL files, and brings its own way back (X-38)', async () => {
    await write({
      '1_a.cjs': COMMONJS,
      '2_b.mjs': ESM,
      '3_c.sql': 'create table c (n int)',
      'types.d.ts': '',
      '1_a.js.map': '',
    });
    expect(await migrator.run()).toEqual(['1_a', '2_b', '3_c']);
    expect(await tables()).toEqual(['a', 'b', 'c', 'schema_migrations']);
    await pool.query("delete from schema_migrations where name = '3_c'");
    await rm(join(dir, '3_c.sql'));
    expect([await migrator.revert(), await migrator.revert()]).toEqual(['2_b', '1_a']);
    expect(await tables()).toEqual(['c', 'schema_migrations']);
  });

  it('and its record are kept together: nothing of it stays when it fails', async () => {
    await write({
      '1_a.mjs': `export async function up({ client }) {
        await client.query('create table a (n int)');
        throw new Error('thought better of it');
      }`,
    });
    await expect(migrator.run()).rejects.toMatchObject({
      code: 'ERR_MIGRATION_FAILED',
      message: expect.stringMatching(/1_a\.mjs failed: thought better of it/) as string,
    });
    expect(await tables()).toEqual(['schema_migrations']);
  });

  it('runs without a transaction when it says so (MIG-06)', async () => {
    await write({
      '1_a.cjs': COMMONJS,
      '2_index.mjs': `export const transaction = false;
        export const up = ({ client }) => client.query('create index concurrently a_n on a (n)');`,
    });
    expect(await migrator.run()).toEqual(['1_a', '2_index']);
  });

  it('is refused when it ends the transaction that it runs in', async () => {
    await write({
      '1_a.mjs': `export const up = async ({ client }) => { await client.query('create table a (n int)'); await client.query('commit; begin'); }`,
    });
    await expect(migrator.run()).rejects.toThrow(/ended the transaction that it runs in/);
  });

  it('says what it lacks: up, down, or a Node that loads TypeScript', async () => {
    await write({ '1_a.mjs': 'export const upp = 1;' });
    await expect(migrator.run()).rejects.toThrow(/1_a\.mjs must export a function up/);
    await rm(join(dir, '1_a.mjs'));
    await write({ '1_b.mjs': 'export const up = async () => undefined;' });
    await migrator.run();
    await expect(migrator.revert()).rejects.toMatchObject({ code: 'ERR_MIGRATION_NO_ROLLBACK' });
    expect(await migrator.status()).toMatchObject([{ name: '1_b', state: 'applied', hasRollback: undefined }]);
  });

  it('is refused when it was changed, is gone, or shares its name with another file (S48)', async () => {
    await write({ '1_a.cjs': COMMONJS });
    await migrator.run();
    await write({ '20250115_b.cjs': COMMONJS, '20250115_b.sql': 'select 1' });
    await expect(migrator.run()).rejects.toMatchObject({ code: 'ERR_MIGRATION_NAME' });
    await rm(join(dir, '20250115_b.sql'));
    await write({ '1_a.cjs': `${COMMONJS}// later` });
    await expect(migrator.run()).rejects.toMatchObject({ code: 'ERR_MIGRATION_CHANGED' });
    await rm(join(dir, '1_a.cjs'));
    await expect(migrator.run()).rejects.toMatchObject({ code: 'ERR_MIGRATION_MISSING' });
  });

  it('is not loaded only to be shown: what it needed may be gone', async () => {
    await write({ '1_a.mjs': `import 'gone'; export const up = 1;` });
    expect(await migrator.status()).toMatchObject([{ name: '1_a', state: 'pending' }]);
    expect(await migrator.plan('run')).toEqual(['1_a']);
    await expect(migrator.run()).rejects.toThrow(/1_a\.mjs failed: Cannot find/);
  });
});
