import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { useIndexes, vectorTask, type FakeIndex } from '../support/vector-index.js';

const [old, fresh] = useIndexes(250);
const dir = mkdtempSync(join(tmpdir(), 'vectors-'));

afterAll(() => rmSync(dir, { recursive: true }));

const task = (index: FakeIndex, ...args: string[]) => vectorTask(index, args, { BACKUP_DIR: dir });

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

  it('that are cut off, or are none, are told from whole ones', async () => {
    const [cut, odd] = [join(dir, 'cut'), join(dir, 'odd')];
    writeFileSync(cut, '{"vectors":[\n{"id":"a","values":[1]},\n');
    writeFileSync(odd, '{"vectors": "none"}');
    expect(await task(fresh, 'restore', cut)).toEqual({
      code: 1,
      said: 'error: the backup is not whole: its end is missing\n',
    });
    expect(await task(fresh, 'restore', odd)).toEqual({
      code: 1,
      said: 'error: this is no backup of vectors:backup\n',
    });
    rmSync(cut);
    rmSync(odd);
  });

  it('leave nothing when the index fails on the way', async () => {
    old.failsAfterPages = 2;
    expect(await task(old, 'backup')).toEqual({ code: 1, said: 'error: /vectors/list answered 400\n' });
    expect(readdirSync(dir)).toEqual([]);
  });
});
