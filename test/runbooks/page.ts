import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../repo/source-files.js';

/** What a page wants done with a shell block; the words after `bash`, explained in docs/runbooks/README.md. */
export interface Block {
  /** Its line in the page. */
  readonly at: number;
  readonly language: 'bash' | 'sql';
  /** One after the other, lines that end in a backslash joined. */
  readonly commands: readonly string[];
  /** The words after the language: `exit=1` is `exit` → `1`, `serves` is `serves` → ``. */
  readonly words: ReadonlyMap<string, string>;
  /** What the page says that it prints. */
  readonly prints: string | undefined;
}

/** A line of the guide that stands on the page in another form. */
interface Replacement {
  readonly printed: string;
  readonly instead: string;
  readonly because: string;
}

export interface Page {
  readonly path: string;
  readonly blocks: readonly Block[];
  readonly replacements: readonly Replacement[];
}

const BLOCK = /^```(bash|sql)([^\n]*)\n([^]*?)^```$(?:\n+```text\n([^]*?)^```$)?/gm;
const ROW = /^\| `` (.+?) `` \| `` (.+?) `` \| (.+?) \|$/gm;

export function readPage(service: string): Page {
  const path = `docs/runbooks/${service}.md`;
  const text = readFileSync(join(ROOT, path), 'utf8');
  const blocks = blocksOf(text);
  const replacements = [...text.matchAll(ROW)].map(([, printed = '', instead = '', because = '']) => ({
    printed: cellOf(printed),
    instead: cellOf(instead),
    because,
  }));
  return { path, blocks, replacements };
}

/** The shell blocks of any page that is written like a runbook. */
export function blocksOf(text: string): Block[] {
  return [...text.matchAll(BLOCK)].map((found): Block => {
    const [, language, words = '', code = '', prints] = found;
    return {
      at: text.slice(0, found.index).split('\n').length,
      language: language === 'sql' ? 'sql' : 'bash',
      commands: commandsOf(code, language === 'sql'),
      words: new Map(
        words
          .split(' ')
          .filter((word) => word !== '')
          .map(pairOf),
      ),
      prints,
    };
  });
}

function commandsOf(code: string, isSql: boolean): string[] {
  const lines = code.replaceAll(/\\\n\s*/g, '').split('\n');
  const wanted = lines.filter((line) => line.trim() !== '' && !line.startsWith(isSql ? '--' : '#'));
  return wanted.map((line) => line.replace(isSql ? / -- .*$/ : / # .*$/, '').trimEnd());
}

function pairOf(word: string): [string, string] {
  const [name = '', ...value] = word.split('=');
  return [name, value.join('=')];
}

/** In a cell of a table a bar is written with a backslash before it. */
function cellOf(text: string): string {
  return text.replaceAll('\\|', '|').trim();
}
