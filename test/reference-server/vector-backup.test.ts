import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { REFERENCE_SERVER } from '../support/reference-server.js';
import { KEYS, startS3Server } from '../support/s3-server.js';

interface Vector {
  readonly id: string;
  readonly values: number[];
}

/** As Pinecone pages and answers; a request for more than a hundred ids is too long for it. */
class FakeIndex {
  readonly vectors = new Map<string, Vector>();
  failsAfterPages = Infinity;
  private server: Server | undefined;

  async start(): Promise<void> {
    this.server = createServer((req, res) => {
      void text(req).then((body) => {
        const { pathname, searchParams } = new URL(req.url ?? '', 'http://index');
        const answer = req.headers['api-key'] === 'key' ? this.answer(pathname, searchParams, body) : undefined;
        res.writeHead(answer === undefined ? 400 : 200).end(JSON.stringify(answer ?? {}));
      });
    }).listen(0, '127.0.0.1');
    await once(this.server, 'listening');
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server?.address() as AddressInfo).port}`;
  }

  stop(): void {
    this.server?.close();
  }

  private answer(path: string, query: URLSearchParams, body: string): unknown {
    if (path === '/vectors/list') {
      const from = Number(query.get('paginationToken') ?? 0);
      if (from >= this.failsAfterPages * 100) return undefined;
      const ids = [...this.vectors.keys()].slice(from, from + Number(query.get('limit')));
      const next = from + ids.length < this.vectors.size ? { next: String(from + ids.length) } : {};
      return { vectors: ids.map((id) => ({ id })), pagination: next };
    }
    if (path === '/vectors/fetch') {
      const ids = query.getAll('ids');
      return ids.length > 100
        ? undefined
        : { vectors: Object.fromEntries(ids.map((id) => [id, this.vectors.get(id)])) };
    }
    const { vectors } = JSON.parse(body) as { vectors: Vector[] };
    if (vectors.length > 100) return undefined;
    for (const vector of vectors) this.vectors.set(vector.id, vector);
    return { upsertedCount: vectors.length };
  }
}

const [old, fresh] = [new FakeIndex(), new FakeIndex()];
const dir = mkdtempSync(join(tmpdir(), 'vectors-'));

beforeAll(async () => {
  for (let n = 0; n < 250; n++) old.vectors.set(`item ${n}&ids=x`, { id: `item ${n}&ids=x`, values: [n, 0.5] });
  await Promise.all([old.start(), fresh.start()]);
});
afterAll(() => {
  old.stop();
  fresh.stop();
  rmSync(dir, { recursive: true });
});

function task(index: FakeIndex, ...args: string[]): Promise<{ code: number; said: string }> {
  return taskWith({}, index, ...args);
}

function taskWith(
  more: Readonly<Record<string, string>>,
  index: FakeIndex,
  ...args: string[]
): Promise<{ code: number; said: string }> {
  const env = { PATH: process.env.PATH, BACKUP_DIR: dir, ENV_FILE: '/none', NODE_ENV: 'development' };
  const named = { ...env, PINECONE_INDEX_URL: index.url, PINECONE_API_KEY: 'key', ...more };
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      [join(REFERENCE_SERVER, 'dist/vectors.js'), ...args],
      { env: named },
      (error, out, err) => {
        resolve({ code: error === null ? 0 : Number(error.code), said: out + err });
      },
    );
  });
}

describe('backups of a vector index (BKP-15)', () => {
  it('hold every vector, a hundred at a time, and bring them all into a new index', async () => {
    const made = await task(old, 'backup');
    expect(made).toEqual({
      code: 0,
      said: expect.stringMatching(/^created .*\/pinecone-backup-\d{13}\.json \(250 vectors\)\n$/),
    });
    const [file = '', ...others] = readdirSync(dir);
    expect(others).toEqual([]);
    expect(statSync(join(dir, file)).mode & 0o777).toBe(0o600);
    expect(await task(fresh, 'restore', join(dir, file))).toEqual({ code: 0, said: 'restored 250 vectors\n' });
    expect(fresh.vectors).toEqual(old.vectors);
    rmSync(join(dir, file));
  });

  it('go into a bucket once they are whole, and come back from there when the machine is lost', async () => {
    await using storage = await startS3Server();
    const aws = {
      ...{ AWS_ACCESS_KEY_ID: KEYS.accessKeyId, AWS_SECRET_ACCESS_KEY: KEYS.secretAccessKey },
      ...{ AWS_REGION: storage.region, AWS_ENDPOINT_URL: storage.endpoint },
    };
    fresh.vectors.clear();
    const made = await taskWith(aws, old, 'backup', 's3://codebook-backups/weekly/');
    const [key = ''] = storage.bucket.objects.keys();
    expect(key).toMatch(/^weekly\/pinecone-backup-\d{13}\.json$/);
    expect(made).toEqual({ code: 0, said: expect.stringContaining(`copied to ${key}\n`) as string });
    for (const file of readdirSync(dir)) rmSync(join(dir, file));
    const back = await taskWith(aws, fresh, 'restore', `s3://codebook-backups/${key}`);
    expect(back).toEqual({ code: 0, said: 'restored 250 vectors\n' });
    expect(fresh.vectors).toEqual(old.vectors);

    const refused = await taskWith({ ...aws, AWS_SECRET_ACCESS_KEY: 'canary' }, old, 'backup', 's3://codebook-backups');
    expect(refused).toEqual({
      code: 1,
      said: expect.stringMatching(/created [^]*error: .*SignatureDoesNotMatch/) as string,
    });
    expect(refused.said).not.toContain('canary');
    expect((await task(old, 'backup', 's3://codebook-backups')).said).toMatch(
      /^error: the bucket needs AWS_ACCESS_KEY_ID/,
    );
    expect([storage.bucket.objects.size, readdirSync(dir).length]).toEqual([1, 1]);
    for (const file of readdirSync(dir)) rmSync(join(dir, file));
  });

  it('leave nothing when the index fails on the way', async () => {
    old.failsAfterPages = 2;
    expect(await task(old, 'backup')).toEqual({ code: 1, said: 'error: /vectors/list answered 400\n' });
    expect(readdirSync(dir)).toEqual([]);
  });
});
