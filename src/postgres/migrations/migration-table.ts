import pg from 'pg';
import type { Client } from 'pg';
import type { MigrationFile } from './migration-files.js';

export interface AppliedMigration {
  readonly name: string;
  readonly checksum: string;
  readonly appliedAt: Date;
}

/** What has been applied to this database. */
export interface MigrationTable {
  /** In no particular order; none when the table is not there yet. */
  applied(): Promise<AppliedMigration[]>;
  create(): Promise<void>;
  add(migration: MigrationFile): Promise<void>;
  remove(name: string): Promise<void>;
}

/** Its name is qualified once: a migration may change `search_path`. */
export async function openMigrationTable(client: Client, name: string): Promise<MigrationTable> {
  const table = await qualified(client, name);
  return {
    async applied() {
      const { rows: found } = await client.query<{ exists: boolean }>('SELECT to_regclass($1) IS NOT NULL AS exists', [
        table,
      ]);
      if (found[0]?.exists !== true) return [];
      const text = `SELECT name, checksum, applied_at AS "appliedAt" FROM ${table}`;
      return (await client.query<AppliedMigration>(text)).rows;
    },
    async create() {
      await client.query(`CREATE TABLE IF NOT EXISTS ${table} (
        name text PRIMARY KEY,
        checksum text NOT NULL,
        applied_at timestamptz NOT NULL DEFAULT clock_timestamp()
      )`);
    },
    async add({ name, checksum }) {
      await client.query(`INSERT INTO ${table} (name, checksum) VALUES ($1, $2)`, [name, checksum]);
    },
    async remove(name) {
      await client.query(`DELETE FROM ${table} WHERE name = $1`, [name]);
    },
  };
}

async function qualified(client: Client, name: string): Promise<string> {
  const [schema, table] = name.includes('.') ? name.split('.') : [await currentSchema(client), name];
  return `${pg.escapeIdentifier(schema ?? '')}.${pg.escapeIdentifier(table ?? '')}`;
}

async function currentSchema(client: Client): Promise<string> {
  const { rows } = await client.query<{ schema: string | null }>('SELECT current_schema() AS schema');
  return rows[0]?.schema ?? 'public';
}
