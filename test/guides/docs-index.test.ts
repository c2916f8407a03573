import { describe, expect, it } from 'vitest';
import { brokenLinks, pagesBelow, reachedFrom, sectionOf, tableIn } from './pages.js';

const OF_THE_SERVICE = ['examples/reference-server/README.md', ...pagesBelow('examples/reference-server/docs')];

describe('good practice (DOC-08)', () => {
  it.each(['Writing lines', 'Keeping lines', 'Alerts'])('has a list: %s', (heading) => {
    const rows = tableIn(sectionOf('docs/guides/good-logs-and-alerts.md', heading));
    expect(rows.length).toBeGreaterThan(4);
    expect(rows.filter((row) => row.length !== 2 || row.includes(''))).toEqual([]);
  });
});

describe('docs/README.md', () => {
  it('leads to every page, by links that lead somewhere', () => {
    const reached = reachedFrom('docs/README.md');
    expect([...pagesBelow('docs'), ...OF_THE_SERVICE].filter((page) => !reached.has(page))).toEqual([]);
    expect(pagesBelow('docs').flatMap((page) => brokenLinks(page).map((link) => `${page}: ${link}`))).toEqual([]);
  });
});
