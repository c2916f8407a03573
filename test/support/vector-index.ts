import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll } from 'vitest';
import { REFERENCE_SERVER } from './reference-server.js';

interface Vector {
  readonly id: string;
  readonly values: number[];
}

/** A full one and a new one, for all tests of a file. */
export function useIndexes(count: number): readonly [old: FakeIndex, fresh: FakeIndex] {
  const [old, fresh] = [new FakeIndex(), new FakeIndex()];
  beforeAll(async () => {
    old.fill(count);
    await Promise.all([old.start(), fresh.start()]);
  });
  afterAll(() => {
    old.stop();
    fresh.stop();
  });
  return [old, fresh];
}

/** As Pinecone pages and answers; a request for more than a hundred ids is too long for it. */
export class FakeIndex {
  readonly vectors = new Map<string, Vector>();
  failsAfterPages = Infinity;
  private server: Server | undefined;

  /** So many, with ids that an address must escape. */
  fill(count: number): void {
    for (let n = 0; n < count; n++) this.vectors.set(`item ${n}&ids=x`, { id: `item ${n}&ids=x`, values: [n, 0.5] });
  }

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

/** `npm run vectors:backup` and `vectors:restore` on this index. */
export function vectorTask(
  index: FakeIndex,
  args: readonly string[],
  variables: NodeJS.ProcessEnv,
): Promise<{ code: number; said: string }> {
  const env = { PATH: process.env.PATH, ENV_FILE: '/none', NODE_ENV: 'development', ...variables };
  const named = { ...env, PINECONE_INDEX_URL: index.url, PINECONE_API_KEY: 'key' };
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
