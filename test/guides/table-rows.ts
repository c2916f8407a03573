import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { ROOT } from '../repo/source-files.js';

interface TableRow {
  /** What stands in its first cell: `T-01`, `X-66`. */
  readonly id: string;
  /** The cells behind it; a bar in code is a bar. */
  readonly cells: readonly string[];
  /** The files that its last cell links to, from the root of the repository. */
  readonly shownBy: readonly string[];
}

/** The rows of a page's tables that begin with an id of this kind. */
export function rowsWithId(page: string, kind: string): TableRow[] {
  const rows = readFileSync(join(ROOT, page), 'utf8').matchAll(new RegExp(`^\\| (${kind}-\\d\\d) \\| (.*) \\|$`, 'gm'));
  return [...rows].map(([, id = '', rest = '']) => {
    const cells = rest.split(' | ').map((cell) => cell.replaceAll('\\|', '|').trim());
    return { id, cells, shownBy: linksIn(cells.at(-1) ?? '', page) };
  });
}

function linksIn(text: string, page: string): string[] {
  return [...text.matchAll(/\]\(([^)#]+)/g)].map(([, link = '']) => relative(ROOT, join(ROOT, dirname(page), link)));
}

/** Of these rows the ids of which no linked file speaks; a link that leads nowhere counts as one. */
export function notShown(rows: readonly TableRow[]): string[] {
  return rows.filter(({ id, shownBy }) => !shownBy.some((path) => speaksOf(path, id))).map(({ id }) => id);
}

/** Links that lead nowhere. */
export function dead(rows: readonly TableRow[]): string[] {
  return rows.flatMap(({ shownBy }) => shownBy.filter((path) => !existsSync(join(ROOT, path))));
}

function speaksOf(path: string, id: string): boolean {
  const file = join(ROOT, path);
  // HLT-01 is not T-01.
  return existsSync(file) && new RegExp(`(?<![A-Z])${id}\\b`).test(readFileSync(file, 'utf8'));
}
