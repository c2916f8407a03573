import { createWriteStream } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

/** A Pinecone index, or what speaks like one (https://docs.pinecone.io/reference/api/data-plane). */
export interface VectorIndex {
  readonly url: string;
  readonly apiKey: string;
}

interface Vector {
  readonly id: string;
  readonly values: readonly number[];
  readonly metadata?: Readonly<Record<string, unknown>>;
}

interface Listed {
  readonly vectors?: readonly { readonly id: string }[];
  readonly pagination?: { readonly next?: string };
}

/** Ids go in the address of a request: a hundred of them fit. */
const BATCH = 100;
const TIMEOUT_MS = 30_000;

/** Writes every vector of the index into `pinecone-backup-<epoch ms>.json`, which has its name only when it is whole. */
export async function backUpVectors(index: VectorIndex, dir: string): Promise<{ file: string; vectors: number }> {
  await mkdir(dir, { recursive: true, mode: 0o700 });
  const file = join(dir, `pinecone-backup-${Date.now()}.json`);
  const partial = `${file}.partial-${process.pid}`;
  let vectors = 0;
  async function* text(): AsyncGenerator<string> {
    yield '{"vectors":[';
    for await (const batch of batchesOf(index)) {
      for (const vector of batch) yield `${vectors++ === 0 ? '' : ','}\n${JSON.stringify(vector)}`;
    }
    yield '\n]}\n';
  }
  try {
    await pipeline(Readable.from(text()), createWriteStream(partial, { flags: 'wx', mode: 0o600, flush: true }));
    await rename(partial, file);
  } finally {
    await rm(partial, { force: true });
  }
  return { file, vectors };
}

/** Puts the vectors of a backup into an index; running it again changes nothing. Gives their number. */
export async function restoreVectors(index: VectorIndex, text: string): Promise<number> {
  const { vectors } = JSON.parse(text) as { vectors: readonly Vector[] };
  for (let from = 0; from < vectors.length; from += BATCH) {
    await ask(index, '/vectors/upsert', { vectors: vectors.slice(from, from + BATCH) });
  }
  return vectors.length;
}

async function* batchesOf(index: VectorIndex): AsyncGenerator<readonly Vector[]> {
  let next: string | undefined;
  do {
    const page = new URLSearchParams({
      limit: String(BATCH),
      ...(next === undefined ? {} : { paginationToken: next }),
    });
    const listed = (await ask(index, `/vectors/list?${page.toString()}`)) as Listed;
    const ids = (listed.vectors ?? []).map(({ id }) => id);
    if (ids.length > 0) yield await fetched(index, ids);
    next = listed.pagination?.next;
  } while (next !== undefined && next !== '');
}

async function fetched(index: VectorIndex, ids: readonly string[]): Promise<readonly Vector[]> {
  const query = new URLSearchParams(ids.map((id): [string, string] => ['ids', id]));
  const { vectors } = (await ask(index, `/vectors/fetch?${query.toString()}`)) as { vectors: Record<string, Vector> };
  const found = ids.map((id) => vectors[id]).filter((vector) => vector !== undefined);
  // Also when one was deleted between the two calls: the next run has a whole one.
  if (found.length < ids.length) throw new Error(`the index gave ${found.length} of ${ids.length} vectors`);
  return found;
}

async function ask({ url, apiKey }: VectorIndex, path: string, body?: unknown): Promise<unknown> {
  const answer = await fetch(new URL(path, url), {
    method: body === undefined ? 'GET' : 'POST',
    headers: { 'api-key': apiKey, 'content-type': 'application/json' },
    body: body === undefined ? null : JSON.stringify(body),
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
  if (!answer.ok) throw new Error(`${path.split('?')[0] ?? path} answered ${answer.status}`);
  return answer.json();
}
