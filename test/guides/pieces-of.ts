import { snippetsOf, type Snippet } from './snippets-of.js';

/** What a page shows of files: blocks that say of which file they are, and are not whole lines in a row of it, indentation aside. */
export function strayPieces(page: string, language: string): Snippet[] {
  const pieces = snippetsOf(page, language).filter(({ path }) => path !== undefined);
  if (pieces.length === 0) throw new Error(`${page} shows no ${language} of a file`);
  return pieces.filter(({ code, source = '' }) => !`\n${flat(source)}`.includes(`\n${flat(code)}`));
}

/** The lines by how deep they are below the first of their block: a piece may stand further left than in its file. */
function flat(text: string): string {
  return text
    .split('\n')
    .map((line) => line.trim())
    .join('\n');
}
