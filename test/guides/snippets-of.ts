import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../repo/source-files.js';

export interface Snippet {
  /** The file that the page says it shows; nothing when it does not say. */
  readonly path: string | undefined;
  readonly code: string;
  /** What stands in that file. */
  readonly source: string | undefined;
}

/** The code of a page, each block beside the file that it is a copy of: `<!-- path -->` above it says which. */
export function snippetsOf(page: string, language: string): Snippet[] {
  const block = new RegExp(`(?:<!-- (\\S+) -->\\n\\n)?^\`\`\`${language}\\n([^]*?)^\`\`\`$`, 'gm');
  return [...readFileSync(join(ROOT, page), 'utf8').matchAll(block)].map(([, path, code = '']) => {
    const isThere = path !== undefined && existsSync(join(ROOT, path));
    return { path, code, source: isThere ? readFileSync(join(ROOT, path), 'utf8') : undefined };
  });
}

/** The rows of the page's tables whose first cell is code, by that code. */
export function rowsOf(page: string): Map<string, string[]> {
  const rows = readFileSync(join(ROOT, page), 'utf8').matchAll(/^\| `([^`]+)` \|(.*)\|$/gm);
  return new Map([...rows].map(([, key = '', rest = '']) => [key, rest.split('|').map((cell) => cell.trim())]));
}
