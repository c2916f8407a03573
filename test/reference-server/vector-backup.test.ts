import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { REFERENCE_SERVER } from '../support/reference-server.js';
import { startS3Server } from '../support/s3-server.js';

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

function task(
  index: FakeIndex,
  args: readonly string[],
  more: NodeJS.ProcessEnv = {},
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
    const made = await task(old, ['backup']);
    expect(made).toEqual({
      code: 0,
      said: expect.stringMatching(/^created .*\/pinecone-backup-\d{13}\.json \(250 vectors\)\n$/),
    });
    const [file = '', ...others] = readdirSync(dir);
    expect(others).toEqual([]);
    expect(statSync(join(dir, file)).mode & 0o777).toBe(0o600);
    expect(await task(fresh, ['restore', join(dir, file)])).toEqual({ code: 0, said: 'restored 250 vectors\n' });
    expect(fresh.vectors).toEqual(old.vectors);
    rmSync(join(dir, file));
  });

  it('go into a bucket and come back from it, as one object of the name that the guide prints', async () => {
    await using storage = await startS3Server();
    const { accessKeyId, secretAccessKey } = storage.keys;
    const variables = {
      AWS_ACCESS_KEY_ID: accessKeyId,
      AWS_SECRET_ACCESS_KEY: secretAccessKey,
      AWS_REGION: storage.region,
      AWS_ENDPOINT_URL_S3: storage.endpoint,
    };
    const made = await task(old, ['backup', 's3://codebook-backups'], variables);
    const said = /^created (s3:\/\/codebook-backups\/pinecone-backup-\d{13}\.json) \(250 vectors\)\n$/.exec(made.said);
    expect([...storage.bucket.objects.keys()]).toEqual([said?.[1]?.split('/').at(-1)]);
    fresh.vectors.clear();
    const restored = await task(fresh, ['restore', said?.[1] ?? ''], variables);
    expect(restored).toEqual({ code: 0, said: 'restored 250 vectors\n' });
    expect(fresh.vectors).toEqual(old.vectors);
    expect(readdirSync(dir)).toEqual([]);
    expect(await task(old, ['backup', 's3://codebook-backups'])).toEqual({
      code: 1,
      said: 'error: the storage needs AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY in the environment\n',
    });

    // What fails on the way leaves no object.
    storage.bucket.objects.clear();
    old.failsAfterPages = 2;
    expect(await task(old, ['backup', 's3://codebook-backups/weekly'], variables)).toMatchObject({ code: 1 });
    old.failsAfterPages = Infinity;
    expect([storage.bucket.objects.size, storage.bucket.uploads.size]).toEqual([0, 0]);
  });

  it('that are cut off, or are none, are told from whole ones', async () => {
    const [cut, odd] = [join(dir, 'cut'), join(dir, 'odd')];
    writeFileSync(cut, '{"vectors":[\n{"id":"a","values":[1]},\n');
    writeFileSync(odd, '{"vectors": "none"}');
    expect(await task(fresh, ['restore', cut])).toEqual({
      code: 1,
      said: 'error: the backup is not whole: its end is missing\n',
    });
    expect(await task(fresh, ['restore', odd])).toEqual({
      code: 1,
      said: 'error: this is no backup of vectors:backup\n',
    });
    rmSync(cut);
    rmSync(odd);
  });

  it('leave nothing when the index fails on the way', async () => {
    old.failsAfterPages = 2;
    expect(await task(old, ['backup'])).toEqual({ code: 1, said: 'error: /vectors/list answered 400\n' });
    expect(readdirSync(dir)).toEqual([]);
  });
});
