import { snippetsOf, type Snippet } from './snippets-of.js';

/** Blocks of a page that say of which file they are a piece, and are none: lines in a row of it, whatever their indentation. */
export function strayPieces(page: string, language: string): Snippet[] {
  const pieces = snippetsOf(page, language).filter(({ path }) => path !== undefined);
  if (pieces.length === 0) throw new Error(`${page} shows no ${language} of a file`);
  return pieces.filter(({ code, source = '' }) => !`\n${flat(source)}`.includes(`\n${flat(code)}`));
}

function flat(text: string): string {
  return text
    .split('\n')
    .map((line) => line.trim())
    .join('\n');
}
