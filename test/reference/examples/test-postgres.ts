import { createTestPostgres } from 'express-runbook/testing';
import { Pool } from 'pg';

export const postgres = await createTestPostgres({
  url: process.env.TEST_DATABASE_URL, // a server of yours; without it one is started from npm
  from: import.meta.url,
});

const database = await postgres.createDatabase(); // empty, and nobody else's
const pool = new Pool({ connectionString: database.url });
export const { rows } = await pool.query<{ answer: number }>('SELECT 42 AS answer');
await pool.end();
await database.drop();
