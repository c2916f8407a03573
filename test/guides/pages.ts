import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { ROOT } from '../repo/source-files.js';

/** Paths of the pages below a folder, from the root of the repository. */
export function pagesBelow(folder: string): string[] {
  return readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .map((name) => join(folder, name));
}

export function textOf(path: string): string {
  return readFileSync(join(ROOT, path), 'utf8');
}

/** What stands below a heading, up to the next one of its rank or above; nothing when there is no such heading. */
export function sectionOf(path: string, title: string): string {
  const text = textOf(path);
  const found = new RegExp(`^(#+) ${title}$`, 'm').exec(text);
  if (found === null) return '';
  const rest = text.slice(found.index + found[0].length);
  const end = rest.search(new RegExp(`^#{1,${(found[1] ?? '').length}} `, 'm'));
  return end === -1 ? rest : rest.slice(0, end);
}

/** The rows of the first table in a text, cells trimmed, without its head. */
export function tableIn(text: string): string[][] {
  const lines = text.split('\n');
  const head = lines.findIndex((line) => /^\| ?-/.test(line));
  const end = lines.findIndex((line, index) => index > head && !line.startsWith('|'));
  const rows = head === -1 ? [] : lines.slice(head + 1, end === -1 ? undefined : end);
  return rows.map((row) =>
    row
      .slice(1, -1)
      .split(/(?<!\\)\|/)
      .map((cell) => cell.trim()),
  );
}

/** What stands between backticks. */
export function codesIn(text: string): string[] {
  return [...text.matchAll(/`([^`]+)`/g)].map(([, code = '']) => code);
}

/** Links of a page to files or headings that are not there. */
export function brokenLinks(path: string): string[] {
  return linksOf(path)
    .filter(({ file, anchor }) => !existsSync(join(ROOT, file)) || (anchor !== '' && !anchorsOf(file).has(anchor)))
    .map(({ file, anchor }) => `${file}#${anchor}`);
}

/** Every page that a reader who follows links comes to. */
export function reachedFrom(path: string): Set<string> {
  const reached = new Set<string>();
  const open = [path];
  for (let page = open.pop(); page !== undefined; page = open.pop()) {
    if (reached.has(page)) continue;
    reached.add(page);
    const pages = linksOf(page).map(({ file }) => file);
    open.push(...pages.filter((file) => file.endsWith('.md') && existsSync(join(ROOT, file))));
  }
  return reached;
}

interface Link {
  readonly file: string;
  readonly anchor: string;
}

function linksOf(path: string): Link[] {
  return [...prose(path).matchAll(/\]\((?!https?:)([^)\s]+)\)/g)].map(([, link = '']) => {
    const [file = '', anchor = ''] = link.split('#');
    return { file: file === '' ? path : normalize(join(dirname(path), file)), anchor };
  });
}

/** As GitHub makes them of headings. */
function anchorsOf(path: string): Set<string> {
  const titles = [...prose(path).matchAll(/^#+ (.*)$/gm)].map(([, title = '']) => title);
  return new Set(
    titles.map((title) =>
      title
        .toLowerCase()
        .replaceAll(/[^\w -]/g, '')
        .replaceAll(' ', '-'),
    ),
  );
}

function prose(path: string): string {
  return textOf(path).replaceAll(/^```[^]*?^```$/gm, '');
}
