import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterAll, expect, it } from 'vitest';
import { fromExample } from '../support/example-sources.js';

interface Folder {
  list: (userId: string) => Promise<{ name: string }[]>;
  keep: (userId: string, extension: string, content: Readable) => Promise<{ name: string; bytes: number }>;
  remove: (userId: string, name: string) => Promise<boolean>;
}

const dir = mkdtempSync(join(tmpdir(), 'uploads-'));
const create = (await fromExample('uploads/upload-folder.ts')).createUploadFolder as (dir: string) => Folder;
const root = join(dir, 'made/when/needed');
const folder = create(root);
const folderOf = (userId: string): string => join(root, userId);
const content = (): Readable => Readable.from([Buffer.from('a'), Buffer.from('b')]);

afterAll(() => {
  rmSync(dir, { recursive: true });
});

it('a user keeps 200 uploads and no more, and may make room', async () => {
  expect(await folder.list('7')).toEqual([]);
  const first = await folder.keep('7', 'txt', content());
  expect(first.bytes).toBe(2);
  for (let count = 1; count < 200; count++) writeFileSync(join(folderOf('7'), `${randomUUID()}.txt`), 'as if uploaded');
  await expect(folder.keep('7', 'txt', content())).rejects.toMatchObject({ statusCode: 409 });
  await folder.keep('8', 'txt', content());
  expect(await folder.remove('7', first.name)).toBe(true);
  expect(await folder.remove('7', first.name)).toBe(false);
  await folder.keep('7', 'txt', content());
  expect((await folder.list('7')).length).toBe(200);
});

it('a stream that breaks leaves no half of a file, and its error goes on', async () => {
  const broken = Readable.from(
    (async function* () {
      yield Buffer.from('half');
      await Promise.resolve();
      throw new Error('broken off');
    })(),
  );
  await expect(folder.keep('9', 'txt', broken)).rejects.toThrow('broken off');
  expect(readdirSync(folderOf('9'))).toEqual([]);
});

/** So many files of a user who has none yet, and where they are. */
function filled(userId: string, files: number): string {
  const path = folderOf(userId);
  mkdirSync(path, { recursive: true });
  for (let count = 0; count < files; count++) writeFileSync(join(path, `${randomUUID()}.txt`), 'as if uploaded');
  return path;
}

/** How many of so many uploads at the same time were kept, when the folder is asked through these. */
async function keptOf(uploads: number, userId: string, ...folders: readonly Folder[]): Promise<number> {
  const all = folders.flatMap((one) =>
    Array.from({ length: uploads / folders.length }, () => one.keep(userId, 'txt', content())),
  );
  const outcomes = await Promise.allSettled(all);
  for (const one of outcomes) if (one.status === 'rejected') expect(one.reason).toMatchObject({ statusCode: 409 });
  return outcomes.filter(({ status }) => status === 'fulfilled').length;
}

it('of many uploads at the same time as many are kept as there are places, and no more', async () => {
  const path = filled('20', 195);
  expect(await keptOf(30, '20', folder)).toBe(5);
  expect(readdirSync(path)).toHaveLength(200);
});

it('several processes on one folder keep no more than 200 together, and all places can be had', async () => {
  const path = filled('21', 195);
  // What each process has of its own; the folder they share.
  const others = [1, 2, 3].map(() => create(root));
  expect(await keptOf(60, '21', ...others)).toBeLessThanOrEqual(5);
  while (readdirSync(path).length < 200) await folder.keep('21', 'txt', content());
  await expect(folder.keep('21', 'txt', content())).rejects.toMatchObject({ statusCode: 409 });
  expect(readdirSync(path)).toHaveLength(200);
});

it('what a killed process left half takes a place for a quarter of an hour, and is swept by the next upload after that', async () => {
  const path = filled('22', 198);
  const [young, old] = [1, 2].map(() => join(path, `.${randomUUID()}.png.partial`)) as [string, string];
  for (const one of [young, old]) writeFileSync(one, 'half of an upl');
  await expect(folder.keep('22', 'txt', content())).rejects.toMatchObject({ statusCode: 409 });
  expect([young, old].map((one) => existsSync(one))).toEqual([true, true]);
  const before = new Date(Date.now() - 16 * 60_000);
  utimesSync(old, before, before);
  // Of an upload that is whole nobody asks how old it is.
  for (const name of readdirSync(path).filter((one) => one.endsWith('.txt')))
    utimesSync(join(path, name), before, before);
  await folder.keep('22', 'txt', content());
  expect([young, old].map((one) => existsSync(one))).toEqual([true, false]);
  await expect(folder.keep('22', 'txt', content())).rejects.toMatchObject({ statusCode: 409 });
  expect(await folder.list('22')).toHaveLength(199);
});

/** A request whose client sends the beginning of a file, as the server has it. */
async function begun(): Promise<{ req: IncomingMessage; leave: () => Promise<void>; end: () => Promise<unknown> }> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const client = connect((server.address() as AddressInfo).port, '127.0.0.1');
  client.write('POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000\r\n\r\nhalf of an upl');
  const [req] = (await once(server, 'request')) as [IncomingMessage];
  const closed = new Promise<void>((resolve) => void req.on('close', resolve));
  return {
    req,
    async leave() {
      client.destroy();
      await closed;
    },
    end: () => new Promise((resolve) => server.close(resolve)),
  };
}

it('a client who has left before its upload is begun keeps nothing busy, and leaves nothing', async () => {
  const { req, leave, end } = await begun();
  await leave();
  await expect(folder.keep('23', 'png', req)).rejects.toMatchObject({ statusCode: 400 });
  expect(readdirSync(folderOf('23'))).toEqual([]);
  await end();
});

it('a client who leaves in the middle leaves nothing', async () => {
  const { req, leave, end } = await begun();
  const kept = folder.keep('24', 'png', req);
  const refused = expect(kept).rejects.toThrow();
  await expect.poll(() => existsSync(folderOf('24')) && readdirSync(folderOf('24'))).toHaveLength(1);
  await leave();
  await refused;
  expect(readdirSync(folderOf('24'))).toEqual([]);
  await end();
});

it.each(['..', '', '1/2', 'a', '-1'])('nobody has the folder of user "%s"', async (userId) => {
  await expect(folder.keep(userId, 'txt', content())).rejects.toMatchObject({ statusCode: 403 });
});
