import type { BackupPlace } from './backup-place.js';

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

const FIRST_LINE = '{"vectors":[';
const LAST_LINE = ']}';

/** Writes every vector of the index into `pinecone-backup-<epoch ms>.json`, a vector on each line. */
export async function backUpVectors(
  index: VectorIndex,
  place: BackupPlace,
): Promise<{ where: string; vectors: number }> {
  let vectors = 0;
  async function* text(): AsyncGenerator<string> {
    yield FIRST_LINE;
    for await (const batch of batchesOf(index)) {
      for (const vector of batch) yield `${vectors++ === 0 ? '' : ','}\n${JSON.stringify(vector)}`;
    }
    yield `\n${LAST_LINE}\n`;
  }
  const where = await place.keep(`pinecone-backup-${String(Date.now())}.json`, text());
  return { where, vectors };
}

/**
 * Puts the vectors of a backup into an index, with one batch in memory however large it is; running it again changes nothing.
 * Gives their number. Rejects when the backup is not whole: what was in it is in the index then.
 */
export async function restoreVectors(index: VectorIndex, content: AsyncIterable<Uint8Array>): Promise<number> {
  let batch: Vector[] = [];
  let restored = 0;
  const upsert = async (): Promise<void> => {
    if (batch.length > 0) await ask(index, '/vectors/upsert', { vectors: batch });
    restored += batch.length;
    batch = [];
  };
  for await (const vector of vectorsIn(content)) {
    batch.push(vector);
    if (batch.length === BATCH) await upsert();
  }
  await upsert();
  return restored;
}

async function* vectorsIn(content: AsyncIterable<Uint8Array>): AsyncGenerator<Vector> {
  let last: string | undefined;
  for await (const line of linesOf(content)) {
    if (last === undefined && line !== FIRST_LINE) throw new Error('this is no backup of vectors:backup');
    // Written by backUpVectors, which had it from the index.
    if (last !== undefined && line !== LAST_LINE) yield JSON.parse(line.replace(/,$/, '')) as Vector;
    last = line;
  }
  if (last !== LAST_LINE) throw new Error('the backup is not whole: its end is missing');
}

async function* linesOf(content: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const chunk of content) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n');
    rest = lines.pop() ?? '';
    yield* lines;
  }
  if (rest !== '') yield rest;
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
