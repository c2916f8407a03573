import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../../repo/source-files.js';

export const PAGE = 'docs/guides/adopting.md';

/** One fenced block of the page, in its order. */
export interface Block {
  /** Its line in the page. */
  readonly at: number;
  readonly language: string;
  /** The word after the language: `install`, `alone`. */
  readonly word: string;
  readonly code: string;
  /** The file that the code is, or that the change leads to. */
  readonly path: string | undefined;
}

const BLOCK = /(?:<!-- (\S+) -->\n\n)?^```(\w+) ?(\w*)\n([^]*?)^```$/gm;

export function blocks(): Block[] {
  const text = readFileSync(join(ROOT, PAGE), 'utf8');
  return [...text.matchAll(BLOCK)].map((found) => {
    const [, path, language = '', word = '', code = ''] = found;
    return { at: text.slice(0, found.index).split('\n').length, language, word, code, path };
  });
}

/** The code after a change; each part between two `@@` has its place in the code before, and only one. */
export function changed(before: string, diff: string): string {
  return diff.split(/^@@\n/m).reduce((code, part) => {
    const lines = part.replace(/\n$/, '').split('\n');
    const old = withSigns(lines, ' -');
    const pieces = `\n${code}`.split(`\n${old}`);
    if (pieces.length !== 2) throw new Error(`stands ${pieces.length - 1} times in the code before:\n${old}`);
    return pieces.join(`\n${withSigns(lines, ' +')}`).slice(1);
  }, before);
}

/** An empty line is one that stays. */
function withSigns(lines: readonly string[], signs: string): string {
  const wanted = lines.filter(([sign = ' ']) => signs.includes(sign));
  return wanted.map((line) => `${line.slice(1)}\n`).join('');
}
