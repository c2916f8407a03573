import { randomUUID } from 'node:crypto';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
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
const folder = create(join(dir, 'made/when/needed'));
const content = (): Readable => Readable.from([Buffer.from('a'), Buffer.from('b')]);

afterAll(() => {
  rmSync(dir, { recursive: true });
});

it('a user keeps 200 uploads and no more, and may make room', async () => {
  expect(await folder.list('7')).toEqual([]);
  const first = await folder.keep('7', 'txt', content());
  expect(first.bytes).toBe(2);
  for (let count = 1; count < 200; count++)
    writeFileSync(join(dir, 'made/when/needed/7', `${randomUUID()}.txt`), 'as if uploaded');
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
  expect(readdirSync(join(dir, 'made/when/needed/9'))).toEqual([]);
});

it.each(['..', '', '1/2', 'a', '-1'])('nobody has the folder of user "%s"', async (userId) => {
  await expect(folder.keep(userId, 'txt', content())).rejects.toMatchObject({ statusCode: 403 });
});
