import { spawnSync } from 'node:child_process';
import { appendFile, mkdir, readdir, readFile, readlink, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { EmbeddedPostgres } from 'express-runbook/testing';
import { testServer } from '../support/postgres.js';
import { quickFolder } from '../support/quick-folder.js';
import { requireTool } from '../support/real-tools.js';
import type { Called } from './call.js';
import { cli } from './cli.js';

const hasTools = requireTool('pg_basebackup').isInstalled;
const STAMPED = /^base_\d{8}_\d{6}$/;

describe.skipIf(!hasTools)('backup base', () => {
  let server: EmbeddedPostgres;
  let dir: string;

  beforeAll(async () => {
    dir = quickFolder('backup-base');
    server = await testServer();
  });
  afterAll(async () => {
    await server.stop();
    await rm(dir, { recursive: true, force: true });
  });

  const backup = (...args: string[]): Promise<Called> =>
    cli(['backup', ...args, '--dir', dir, '--dotenv', 'none'], {
      env: { DATABASE_URL: server.url, PATH: process.env.PATH ?? '' },
    });
  const basesIn = async (): Promise<string[]> => (await readdir(dir)).filter((name) => STAMPED.test(name)).sort();

  it('takes what a killed run has left away, and refuses a latest that is no link (F28, S45)', async () => {
    await mkdir(join(dir, 'base_20260101_000000.partial-999999', 'pg_wal'), { recursive: true });
    await mkdir(join(dir, 'latest'));
    const refused = await backup('base');
    expect(refused).toMatchObject({ exitCode: 1, stdout: '', stderr: expect.stringContaining('is no link') as string });
    expect(await readdir(dir)).toEqual(['latest']);
    await rm(join(dir, 'latest'), { recursive: true });
  });

  it('copies the whole server, and keeps latest so that pg_verifybackup works on it (BKP-11, T-35, X-36)', async () => {
    const { exitCode, stdout, stderr } = await backup('base', '--json');
    expect({ exitCode, stderr: stderr.replace(/^the WAL in it is not read.*\n/, '') }).toEqual({
      exitCode: 0,
      stderr: '',
    });
    const manifest = JSON.parse(stdout) as { file: string; sizeBytes: number };
    expect(manifest).toMatchObject({ format: 'base', file: expect.stringMatching(STAMPED) as string });
    expect(await readlink(join(dir, 'latest'))).toBe(manifest.file);
    expect((await stat(join(dir, manifest.file))).mode & 0o777).toBe(0o700);
    expect((await stat(join(dir, `${manifest.file}.manifest.json`))).mode & 0o777).toBe(0o600);
    expect((await readdir(dir)).sort()).toEqual([manifest.file, `${manifest.file}.manifest.json`, 'latest']);
    // As the runbook prints it; on Debian it is not on PATH.
    const verify = `PATH="$PATH:$(ls -d /usr/lib/postgresql/*/bin | tr '\\n' ':')"; pg_verifybackup -n "${dir}/latest"`;
    expect(spawnSync('sh', ['-c', verify], { encoding: 'utf8' }).stdout).toBe('backup successfully verified\n');
    expect(await backup('verify', manifest.file)).toMatchObject({
      exitCode: 0,
      stdout: `${manifest.file} is good: every byte is what the server had sent\n`,
    });
    expect(await backup('list')).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('base') as string });
  });

  it('leaves nothing, and latest where it was, when the server does not let it (S45)', async () => {
    const [file = ''] = await basesIn();
    const [head = '', rest = ''] = server.url.split('//app:app@');
    const client = new pg.Client({ connectionString: server.url });
    await client.connect();
    await client.query(`create role nobody_special login password 'canary-password'`);
    await client.end();
    const env = { DATABASE_URL: `${head}//nobody_special:canary-password@${rest}`, PATH: process.env.PATH ?? '' };
    const refused = await cli(['backup', 'base', '--dir', dir, '--dotenv', 'none'], { env });
    expect(refused).toMatchObject({
      exitCode: 1,
      stdout: '',
      stderr: expect.stringContaining('replication') as string,
    });
    expect(refused.stderr).not.toContain('canary');
    expect([await readlink(join(dir, 'latest')), await basesIn()]).toEqual([file, [file]]);
  });

  it('a copy in which one byte was changed, or one file was added, is told from a good one (F30)', async () => {
    const [file = ''] = await basesIn();
    const path = join(dir, file, 'PG_VERSION');
    const into = join(dir, 'data');
    const recover = ['pitr', 'recover', '--to', new Date().toISOString(), '--into', into, '--prepare-only'];
    await mkdir(join(dir, 'wal'));
    await appendFile(join(dir, file, 'global', 'pg_filenode.map'), 'x');
    expect(await backup(...recover)).toMatchObject({
      exitCode: 1,
      stdout: '',
      stderr: expect.stringContaining('pg_filenode.map') as string,
    });
    expect((await readdir(dir)).filter((name) => name.includes('data'))).toEqual([]);
    expect(await backup('verify', file)).toMatchObject({ exitCode: 1, stdout: '' });
    expect(await readFile(path, 'utf8')).toMatch(/^\d+\n$/);
    await writeFile(path, 'x\n');
    expect(await backup(...recover)).toMatchObject({ exitCode: 1, stdout: '' });
  });
});
