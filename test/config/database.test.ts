import fc from 'fast-check';
import pg from 'pg';
import { describe, expect, it } from 'vitest';
import { load, refused } from './load.js';

describe('the DB_* parts', () => {
  it('make the URL that psql and pg read alike, whatever the password holds (CFG-04 … CFG-08, CFG-16)', () => {
    fc.assert(
      fc.property(
        fc.string({ minLength: 1, unit: 'grapheme-ascii' }).filter((name) => name.trim() !== ''),
        fc.string({ minLength: 1, unit: 'grapheme' }),
        (user, password) => {
          const said = {
            DB_HOST: 'db.internal',
            DB_PORT: 6432,
            DB_NAME: 'a/b &c=ü%20',
            DB_USER: user,
            DB_PASSWORD: password,
          };
          const { database } = load({}, { overrides: said });
          expect(database).toMatchObject({ host: 'db.internal', port: 6432, name: 'a/b &c=ü%20' });
          const client = new pg.Client({ connectionString: database.url });
          expect(client).toMatchObject({
            host: 'db.internal',
            port: 6432,
            database: 'a/b &c=ü%20',
            user: database.user,
          });
          expect(client.password).toBe(database.password);
          expect(load({ DATABASE_URL: database.url }).database).toMatchObject({ ...database, isConfigured: true });
        },
      ),
    );
  });

  it.each(['a?b', 'a#b', '..', 'a/../b'])('refuse the name %s, which no URL carries to pg', (name) => {
    expect(refused({ DB_NAME: name })).toHaveProperty('DB_NAME');
  });

  it('take an IPv6 address and a socket folder for a host', () => {
    expect(load({ DB_HOST: '::1' }).database.url).toBe('postgresql://postgres:postgres@[::1]:5432/builder_api_dev');
    const { url } = load({ DB_HOST: '/var/run/postgresql' }).database;
    expect(new pg.Client({ connectionString: url }).host).toBe('/var/run/postgresql');
    expect(load({ DATABASE_URL: url }).database.host).toBe('/var/run/postgresql');
  });

  it.each(['DATABASE_URL', 'DB_HOST', 'DB_PORT', 'DB_NAME', 'DB_USER', 'DB_PASSWORD'])(
    '%s means that there is a database; a pool size or a profile alone does not',
    (name) => {
      const value = name === 'DATABASE_URL' ? 'postgres://h/d' : '5432';
      expect(load({ [name]: value }).database.isConfigured).toBe(true);
      expect(load({}, { overrides: { [name]: value } }).database.isConfigured).toBe(true);
      expect(load({}, { profile: { [name]: value } }).database.isConfigured).toBe(false);
      expect(load({ DB_POOL_SIZE: '5', DB_SSL: 'true' }).database.isConfigured).toBe(false);
    },
  );

  it('DB_POOL_MAX and DB_POOL_MIN are the pool (CFG-12, CFG-17, X-13)', () => {
    expect(load({ DB_POOL_MAX: '20', DB_POOL_MIN: '5' }).database).toMatchObject({ poolMax: 20, poolMin: 5 });
    expect(load({ DB_POOL_MAX: '20', DB_POOL_SIZE: '8' })).toMatchObject({
      database: { poolMax: 8 },
      warnings: [expect.stringContaining('DB_POOL_MAX')],
    });
    expect(refused({ DB_POOL_MAX: '4', DB_POOL_MIN: '5' })).toHaveProperty('DB_POOL_MIN');
    expect(refused({ DB_POOL_MAX: 'x' })).toHaveProperty('DB_POOL_MAX');
  });

  it('DB_POOLER, DB_TAG_QUERIES and DB_LEAK_THRESHOLD_MS are the options of createPool of these names', () => {
    const env = { DB_POOLER: 'transaction', DB_TAG_QUERIES: 'application-name', DB_LEAK_THRESHOLD_MS: '30s' };
    expect(load(env).database).toMatchObject({
      pooler: 'transaction',
      tagQueries: 'application-name',
      leakThresholdMs: 30_000,
    });
    expect(load({ DB_POOLER: 'Session', DB_TAG_QUERIES: 'comment' }).database).toMatchObject({
      pooler: 'session',
      tagQueries: 'comment',
    });
    for (const name of Object.keys(env)) expect(refused({ [name]: 'statement' })).toHaveProperty(name);
  });
});

describe('DATABASE_URL', () => {
  it('is handed on as given, and its parts are read (CFG-16)', () => {
    const url = 'postgresql://user:p%40ss@host:5433/ordo_todo';
    expect(load({ DATABASE_URL: url }).database).toMatchObject({
      isConfigured: true,
      url,
      host: 'host',
      port: 5433,
      name: 'ordo_todo',
      user: 'user',
      password: 'p@ss',
      ssl: false,
    });
  });

  it('without a password has none, not the default one (MIG-12)', () => {
    const url = 'postgresql://user@localhost:5432/ordo_todo_test';
    expect(load({ DATABASE_URL: url }).database).toMatchObject({ url, user: 'user', password: '' });
  });

  it.each([
    ['postgres://u@h:5433/d', 'postgres://u:s%40%20e%25@h:5433/d'],
    [
      'postgres://u@h/d?sslmode=verify-full&application_name=a',
      'postgres://u:s%40%20e%25@h/d?sslmode=verify-full&application_name=a',
    ],
    ['postgresql:///d?host=/tmp&user=u', 'postgresql:///d?host=%2Ftmp&user=u&password=s%40+e%25'],
  ])('%s without a password has that of DB_PASSWORD, which psql and pg find in it (CFG-08, CFG-16)', (url, whole) => {
    const config = load({ DATABASE_URL: url, DB_PASSWORD: 's@ e%', DB_USER: 'u' });
    expect(config.database).toMatchObject({ url: whole, user: 'u', password: 's@ e%' });
    expect(new pg.Client({ connectionString: whole }).password).toBe('s@ e%');
    expect(config.warnings).toEqual([]);
  });

  it.each([
    ['another user', { DB_USER: 'v' }, 'DB_USER, DB_PASSWORD'],
    ['another server', { DB_HOST: 'i', DB_USER: 'u' }, 'DB_HOST, DB_PASSWORD'],
    ['another port', { DB_PORT: '5433' }, 'DB_PORT, DB_PASSWORD'],
  ])('without a password is sent no password of %s', (_what, parts, names) => {
    const config = load({ DATABASE_URL: 'postgres://u@h/d', DB_PASSWORD: 'secret', ...parts });
    expect(config.database).toMatchObject({ url: 'postgres://u@h/d', password: '' });
    expect(config.warnings).toEqual([`DATABASE_URL and ${names} disagree: DATABASE_URL is used`]);
  });

  it('wins over DB_*, with a warning when they disagree that names no value (X-13)', () => {
    const config = load({ DATABASE_URL: 'postgres://u:one@a/d', DB_HOST: 'b', DB_PASSWORD: 'two', DB_NAME: 'd' });
    expect(config.database).toMatchObject({ host: 'a', password: 'one' });
    expect(config.warnings).toEqual(['DATABASE_URL and DB_HOST, DB_PASSWORD disagree: DATABASE_URL is used']);
    expect(load({ DATABASE_URL: 'postgres://u@a/d', DB_HOST: 'a' }).warnings).toEqual([]);
  });

  it('loses against a part that an option insists on, and keeps the rest', () => {
    const options = { overrides: { DB_PORT: 6000, DB_PASSWORD: 'n#w' } };
    const { database, warnings } = load({ DATABASE_URL: 'postgres://u:old@a:5432/d?sslmode=require' }, options);
    expect(database).toMatchObject({ host: 'a', port: 6000, name: 'd', user: 'u', password: 'n#w', ssl: true });
    expect(database.url).toBe('postgresql://u:n%23w@a:6000/d?sslmode=require');
    expect(warnings).toEqual([]);
  });

  it('of Prisma loses ?schema=, which psql refuses, with a warning (CFG-16, T-46)', () => {
    const { database, warnings } = load({ DATABASE_URL: 'postgresql://u:p@h:5432/d?schema=public&sslmode=disable' });
    expect(database.url).toBe('postgresql://u:p@h:5432/d?sslmode=disable');
    expect(warnings).toEqual([expect.stringContaining('?schema=')]);
  });

  it.each([
    ['?sslmode=require', 'false', true],
    ['?sslmode=disable', 'true', false],
    ['', 'true', true],
    ['', 'false', false],
  ])('with "%s" and DB_SSL=%s encrypts: %s (CFG-09)', (query, ssl, expected) => {
    expect(load({ DATABASE_URL: `postgres://u@h/d${query}`, DB_SSL: ssl }).database.ssl).toBe(expected);
  });

  it('may name the socket folder in its query', () => {
    expect(load({ DATABASE_URL: 'postgresql:///d?host=/tmp&port=5433' }).database).toMatchObject({
      host: '/tmp',
      port: 5433,
      name: 'd',
    });
  });

  it.each([
    ['two @', 'postgres://u:p@ss@h/d', '%40'],
    ['a # in the password', 'postgres://u:p#ss@h/d', '%23'],
    ['a / in the password', 'postgres://u:p/ss@h/d', '%2F'],
    ['a ? in the password', 'postgres://u:12?3@h/d', '%3F'],
    ['a % in the password', 'postgres://u:100%@h/d', '%25'],
    ['a % that is no UTF-8', 'postgres://u:%ff@h/d', '%25'],
    ['no scheme', 'u:p@h/d', 'postgres://'],
    ['another scheme', 'mysql://u:p@h/d', 'postgres://'],
    ['a port out of range', 'postgres://u:p@h:99999/d', 'postgresql://user:password@host:5432/name'],
    ['a port that is none', 'postgres://u:p@h/d?port=x', '?port='],
    ['a space', 'postgres://u:p s@h/d', '%20'],
    ['an escape that pg does not undo', 'postgres://u:p@h/a%2Fb', 'plainly'],
  ])('with %s is refused with the cure', (_what, url, cure) => {
    expect(refused({ DATABASE_URL: url }).DATABASE_URL).toContain(cure);
  });
});
