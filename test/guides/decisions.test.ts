import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ROOT } from '../repo/source-files.js';

const FOLDER = join(ROOT, 'docs/decisions');

describe('the pages of decisions', () => {
  const pages = readdirSync(FOLDER).filter((name) => /^\d\d-.*\.md$/.test(name));
  const read = (name: string): string => readFileSync(join(FOLDER, name), 'utf8');

  it('have one form: context, decision, consequences, and what would change it', () => {
    expect(pages.length).toBeGreaterThan(15);
    for (const page of pages)
      expect([page, ...[...read(page).matchAll(/^## (.*)$/gm)].map(([, title]) => title)]).toEqual([
        page,
        'Context',
        'Decision',
        'Consequences',
        'What would change it',
      ]);
  });

  it('are in their index, each under its number and title', () => {
    const rows = [...read('README.md').matchAll(/^\| (\d+) \| \[([^\]]+)\]\(([^)]+)\) \|/gm)];
    expect(rows.map(([, , , file]) => file)).toEqual(pages);
    const titles = rows.map(([, number = '', title = '']) => `# ${number}. ${title}`);
    expect(pages.map((page) => read(page).split('\n')[0])).toEqual(titles);
  });

  it('are each why some conflict is answered as it is, or a rule of the house', () => {
    const named = [...read('conflicts.md').matchAll(/\]\((\d\d-[^)]+)\)/g)].map(([, file]) => file);
    const ofTheHouse = pages.filter((page) => !named.includes(page));
    expect(ofTheHouse.map((page) => page.slice(3))).toEqual([
      'layers-and-ports.md',
      'ids-and-traces-without-otlp.md',
      'the-table-of-jobs-is-the-truth.md',
      'the-ops-console.md',
    ]);
  });
});
