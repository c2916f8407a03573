import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { MIGRATION_FOLDERS, NO_BACKUPS, ODD_NAMES, SECRET, WRONG_CALLS } from '../corpus/command-lines.js';
import { ROOT } from '../repo/source-files.js';
import { requireTool } from '../support/real-tools.js';
import { backupCalls } from './backup-calls.js';
import { cli, cliOn } from './cli.js';
import { useDatabase, useFolder } from './fixtures.js';

const isInstalled = requireTool('pg_dump').isInstalled && requireTool('psql').isInstalled;
const database = useDatabase('all');
const folder = useFolder();

describe('a call that goes wrong', () => {
  it.each(WRONG_CALLS)(
    '$id $args is refused in one message without a secret: exit code 2 (S50)',
    async ({ args, message }) => {
      await database.client.query('create table if not exists events (id int)');
      const env = { DATABASE_URL: database.url, PATH: process.env.PATH ?? '', BACKUP_DIR: folder.path };
      const { exitCode, stdout, stderr } = await cli(args, { env });
      expect({ exitCode, stdout, stderr }).toEqual({
        exitCode: 2,
        stdout: '',
        stderr: expect.stringContaining(message) as string,
      });
      expect(stderr).not.toContain(SECRET);
      // eslint-disable-next-line no-control-regex -- what a terminal obeys
      expect(stderr).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]| {4}at /);
    },
  );

  it('244 says in one line that a full disk has no room for its result: exit code 1 (S50)', () => {
    const { status, stderr } = spawnSync('sh', ['-c', `exec node "${join(ROOT, 'dist/cli.js')}" --help > /dev/full`], {
      encoding: 'utf8',
    });
    expect(stderr).toBe('error: cannot write the result: ENOSPC: no space left on device, write\n');
    expect(status).toBe(1);
  });
});

describe.skipIf(!isInstalled)('backups', () => {
  it.each(ODD_NAMES)('%i with the name %j run nothing of it (S47)', async (_id, name) => {
    const calls = backupCalls(database.url);
    try {
      expect(await calls.backup('create', '--name', name)).toMatchObject({ exitCode: 0, stderr: '' });
      expect(await calls.backup('list')).toMatchObject({
        exitCode: 0,
        stdout: expect.stringContaining(name) as string,
      });
      expect(calls.files()).toEqual([name]);
    } finally {
      calls.remove();
    }
  });

  it.each(NO_BACKUPS)('%i are not taken from %s, and nothing runs (S46)', async (_id, what) => {
    const calls = backupCalls(database.url);
    const path = join(calls.dir, 'it');
    MAKE[what]?.(path, calls.dir);
    try {
      const restored = await calls.backup(
        'restore',
        'it',
        '--without-manifest',
        '--into',
        `${database.name}_never`,
        '--create',
      );
      expect(restored).toMatchObject({
        exitCode: 1,
        stdout: '',
        stderr: expect.stringMatching(/^error: [^\n]+\n$/) as string,
      });
      const left = await database.client.query(`select from pg_database where datname = '${database.name}_never'`);
      expect(left.rowCount).toBe(0);
      expect(calls.everything()).not.toContain(SECRET);
    } finally {
      calls.remove();
    }
  });
});

const HEAD = '--\n-- PostgreSQL database dump\n--\n\n';
const TAIL = '\n--\n-- PostgreSQL database dump complete\n--\n';
const MAKE: Readonly<Record<string, (path: string, dir: string) => void>> = {
  'a symbolic link to a text': (path, dir) => {
    writeFileSync(join(dir, 'text'), 'no dump\n');
    symlinkSync(join(dir, 'text'), path);
  },
  'a folder': (path) => mkdirSync(path),
  'a FIFO': (path) => void execFileSync('mkfifo', [path]),
  'an empty file': (path) => writeFileSync(path, ''),
  'a packed folder': (path, dir) => {
    mkdirSync(join(dir, 'packed'));
    writeFileSync(path, gzipSync(execFileSync('tar', ['-c', '-C', dir, 'packed'])));
  },
  'a dump that ends \\restrict': (path, dir) =>
    writeFileSync(path, `${HEAD}\\restrict abc\n\\unrestrict abc\n\\! touch ${join(dir, SECRET)}\n${TAIL}`),
  'a dump that runs a command of the shell': (path, dir) =>
    writeFileSync(path, `${HEAD}\\! touch ${join(dir, SECRET)}\n${TAIL}`),
};

describe('migrations', () => {
  it.each(MIGRATION_FOLDERS)(
    '$id of a folder with $what are applied in order, or none is (S48)',
    async ({ files, applied, refused }) => {
      await folder.write(files);
      await database.client.query('drop table if exists schema_migrations');
      const { exitCode, stdout, stderr } = await cliOn(database.url, 'migrate', 'run', '--dir', folder.path);
      expect({ exitCode, stdout }).toEqual({
        exitCode: refused === undefined ? 0 : 1,
        stdout: (applied ?? []).map((name) => `applied ${name}\n`).join(''),
      });
      if (refused !== undefined) expect(stderr).toContain(refused);
    },
  );
});
