import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { BackupManifest } from 'express-runbook';
import { testDatabase, type TestDatabase } from '../support/postgres.js';
import { requireTool } from '../support/real-tools.js';
import { startS3Server, type S3Server } from '../support/s3-server.js';
import type { Called } from './call.js';
import { cli } from './cli.js';

const hasTools = requireTool('pg_dump').isInstalled;
const PLACE = 's3://codebook-backups/db';
const DAY_MS = 86_400_000;

describe.skipIf(!hasTools)('backups elsewhere', () => {
  let database: TestDatabase;
  let storage: S3Server;
  let dir: string;
  let undamaged: { file: string; objects: [string, { content: Buffer; etag: string }][] } | undefined;

  beforeAll(async () => {
    database = await testDatabase();
    const client = new pg.Client({ connectionString: database.url });
    await client.connect();
    await client.query('create table events as select n as id from generate_series(1, 1000) n');
    await client.end();
  });
  afterAll(() => database.drop());
  beforeEach(async () => {
    storage = await startS3Server();
    dir = mkdtempSync(join(tmpdir(), 'backup-s3-'));
  });
  afterEach(async () => {
    await storage[Symbol.asyncDispose]();
    rmSync(dir, { recursive: true, force: true });
  });

  const backupWith = (env: Record<string, string>, ...args: string[]): Promise<Called> =>
    cli(['backup', ...args, '--dir', dir, '--dotenv', 'none'], {
      env: {
        ...{ DATABASE_URL: database.url, PATH: process.env.PATH ?? '', AWS_REGION: storage.region },
        ...{ AWS_ENDPOINT_URL: storage.endpoint, AWS_ACCESS_KEY_ID: storage.keys.accessKeyId },
        ...{ AWS_SECRET_ACCESS_KEY: storage.keys.secretAccessKey, ...env },
      },
    });
  const backup = (...args: string[]): Promise<Called> => backupWith({}, ...args);
  const created = async (): Promise<BackupManifest> => {
    const { exitCode, stdout, stderr } = await backup('create', '--upload', PLACE, '--json');
    expect({ exitCode, stderr }).toEqual({
      exitCode: 0,
      stderr: expect.stringContaining(`uploaded ${PLACE}/`) as string,
    });
    return JSON.parse(stdout) as BackupManifest;
  };
  const forgetLocal = (): void => {
    for (const name of readdirSync(dir)) rmSync(join(dir, name));
  };
  const manifestAt = (file: string): BackupManifest =>
    JSON.parse(storage.bucket.objects.get(`db/${file}.manifest.json`)!.content.toString()) as BackupManifest;

  it('go up with their manifest once they are whole, and come back when the machine is lost (BKP-06)', async () => {
    storage.fail(/^PUT/, '503');
    const { file, sha256, uploads } = await created();
    expect(uploads).toEqual([{ url: `${PLACE}/${file}`, at: expect.any(String) as string }]);
    expect([...storage.bucket.objects.keys()].sort()).toEqual([`db/${file}`, `db/${file}.manifest.json`]);
    const { content } = storage.bucket.objects.get(`db/${file}`)!;
    expect(createHash('sha256').update(content).digest('hex')).toBe(sha256);
    const local = JSON.parse(readFileSync(join(dir, `${file}.manifest.json`), 'utf8')) as BackupManifest;
    expect(local.uploads).toEqual(uploads);

    forgetLocal();
    const listed = JSON.parse((await backup('list', '--in', PLACE, '--json')).stdout) as { file: string }[];
    expect(listed).toMatchObject([{ file, manifest: { sha256 } }]);
    const into = `${database.name}_back`;
    const restored = await backup('restore', `${PLACE}/${file}`, '--into', into, '--create');
    expect(restored).toMatchObject({ exitCode: 0, stdout: expect.stringContaining(`restored ${file}`) as string });
    const other = new URL(database.url);
    other.pathname = `/${into}`;
    const client = new pg.Client({ connectionString: other.href });
    await client.connect();
    expect((await client.query('select count(*)::int as rows from events')).rows).toEqual([{ rows: 1000 }]);
    await client.end();
    const admin = new pg.Client({ connectionString: database.url });
    await admin.connect();
    await admin.query(`drop database ${pg.escapeIdentifier(into)}`);
    await admin.end();
  });

  it('that are verified are known to be good there, too, and only then, and while they still are, older ones may go (BKP-07, T-49)', async () => {
    const { file } = await created();
    const old = 'old.dump';
    const { content, etag } = storage.bucket.objects.get(`db/${file}`)!;
    const text = (manifest: BackupManifest): string => {
      const rest: BackupManifest & { manifestSha256?: string } = { ...manifest };
      delete rest.manifestSha256;
      const manifestSha256 = createHash('sha256').update(JSON.stringify(rest)).digest('hex');
      return JSON.stringify({ ...rest, manifestSha256 });
    };
    const createdAt = new Date(Date.now() - 400 * DAY_MS).toISOString();
    storage.bucket.objects.set(`db/${old}`, { content, etag });
    const manifest = text({ ...manifestAt(file), file: old, createdAt });
    storage.bucket.objects.set(`db/${old}.manifest.json`, { content: Buffer.from(manifest), etag: '' });

    const kept = await backup('prune', '--in', PLACE, '--keep', 'daily=7d');
    expect(kept).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('none was verified') as string });
    expect(storage.bucket.objects.size).toBe(4);
    expect(await backup('verify', `${PLACE}/${file}`)).toMatchObject({ exitCode: 0 });
    expect(manifestAt(file).verifiedAt).toBeDefined();
    // As long as it was, and another byte in it: only who reads it knows.
    const whole = storage.bucket.objects.get(`db/${file}`)!;
    const other = Buffer.from(whole.content);
    other[other.length - 100]! ^= 1;
    storage.bucket.objects.set(`db/${file}`, { ...whole, content: other });
    const lied = await backup('prune', '--in', PLACE, '--keep', 'daily=7d');
    expect(lied).toMatchObject({
      exitCode: 1,
      stdout: '2 kept: none that was verified is still whole, so none may go\n',
    });
    expect(lied.stderr).toBe(`warning: ${PLACE}/${file} is damaged: its checksum is not that of its manifest\n`);
    expect(storage.bucket.objects.size).toBe(4);
    storage.bucket.objects.set(`db/${file}`, whole);
    const dry = await backup('prune', '--in', PLACE, '--keep', 'daily=7d', '--dry-run');
    expect([dry.stdout.split('\n')[0], storage.bucket.objects.size]).toEqual([`would remove ${old}`, 4]);
    expect((await backup('prune', '--in', PLACE, '--keep', 'daily=7d')).stdout).toMatch(/^removed old\.dump\n/);
    expect([...storage.bucket.objects.keys()].sort()).toEqual([`db/${file}`, `db/${file}.manifest.json`]);
  });

  it('are not missed in silence: the local one stays, the exit code and the message tell, without the keys (T-49, S47, BKP-20)', async () => {
    const secret = 'canary-secret-key';
    const failed = await backupWith({ AWS_SECRET_ACCESS_KEY: secret }, 'create', '--upload', PLACE);
    expect(failed).toMatchObject({ exitCode: 1, stdout: '' });
    expect(failed.stderr).toMatch(/the backup is whole at .*, but was not uploaded: .*SignatureDoesNotMatch/);
    expect(failed.stderr).not.toMatch(/canary|AKIA/);
    expect(storage.bucket.objects.size).toBe(0);
    const listed = JSON.parse((await backup('list', '--json')).stdout) as { manifest?: BackupManifest }[];
    expect(listed).toHaveLength(1);
    expect(listed[0]?.manifest).toBeDefined();
    expect(listed[0]?.manifest?.uploads).toBeUndefined();
  });

  it('are refused before the dump when they could not be uploaded', async () => {
    for (const [args, env, words] of [
      [['--upload', PLACE], { AWS_SECRET_ACCESS_KEY: ' ' }, 'AWS_SECRET_ACCESS_KEY'],
      [['--upload', 'codebook-backups/db'], {}, 'must be s3://bucket'],
      [['--upload', PLACE, '--s3-endpoint', 'ftp://x'], {}, 'objectStore.endpoint'],
    ] as const) {
      const refused = await backupWith(env, 'create', ...args);
      expect(refused).toMatchObject({ exitCode: 2, stdout: '', stderr: expect.stringContaining(words) as string });
    }
    expect(readdirSync(dir)).toEqual([]);
  });

  it.each(['a flipped byte', 'a short file', 'a manifest of another', 'a changed manifest'])(
    'that are damaged, by %s, are refused before the database is touched, and leave nothing here (F30)',
    async (damage) => {
      // What one of them has left is enough for the others.
      const { file, objects } = (undamaged ??= { ...(await created()), objects: copiesOf(storage) });
      forgetLocal();
      for (const [name, { content, etag }] of objects)
        storage.bucket.objects.set(name, { content: Buffer.from(content), etag });
      const [key, manifestKey] = [`db/${file}`, `db/${file}.manifest.json`];
      const { content } = storage.bucket.objects.get(key)!;
      const manifest = storage.bucket.objects.get(manifestKey)!.content.toString();
      if (damage === 'a flipped byte') content[content.length - 100]! ^= 1;
      if (damage === 'a short file') storage.bucket.objects.set(key, { content: content.subarray(0, -1), etag: 'x' });
      if (damage === 'a manifest of another')
        storage.bucket.objects.set('db/y.dump.manifest.json', { content: Buffer.from(manifest), etag: 'x' });
      if (damage === 'a changed manifest') {
        const changed = manifest.replace(/"sizeBytes": \d+/, '"sizeBytes": 1');
        storage.bucket.objects.set(manifestKey, { content: Buffer.from(changed), etag: 'x' });
      }
      const wanted = damage === 'a manifest of another' ? 'y.dump' : file;
      const refused = await backup('restore', `${PLACE}/${wanted}`, '--force', database.name);
      expect(refused).toMatchObject({ exitCode: 1, stdout: '' });
      expect(refused.stderr).toMatch(/manifest/);
      expect(readdirSync(dir)).toEqual([]);
    },
  );
});

function copiesOf(storage: S3Server): [string, { content: Buffer; etag: string }][] {
  return [...storage.bucket.objects].map(([key, { content, etag }]) => [key, { content: Buffer.from(content), etag }]);
}
