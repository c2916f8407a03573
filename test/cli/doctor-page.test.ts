import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { CHECKS } from '../../src/cli/doctor/registry.js';
import { ROOT } from '../repo/source-files.js';

it('docs/guides/doctor.md has a row for each check of the doctor, in its order and with its title, and no other', async () => {
  const page = await readFile(join(ROOT, 'docs/guides/doctor.md'), 'utf8');
  const rows = [...page.matchAll(/^\| `([\w.-]+)` \| (.+?) \| .+ \| .+ \| .+ \|$/gm)].map(([, id, title]) => ({
    id,
    title,
  }));
  expect(rows).toEqual(CHECKS.map(({ id, title }) => ({ id, title })));
});

it('ids of the doctor are stable: no two are the same, and each is in a group', () => {
  const ids = CHECKS.map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
  expect(ids.filter((id) => !/^[a-z0-9-]+\.[a-z-]+$/.test(id))).toEqual([]);
});
