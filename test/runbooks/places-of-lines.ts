import { type Block, type Page } from './page.js';

export interface Counted {
  readonly lines: number;
  /** Run as they are printed. */
  readonly run: number;
  /** Run in another form. */
  readonly replaced: number;
  readonly notRun: number;
  /** Lines that have no place on the page. */
  readonly missing: readonly string[];
}

export function count(printed: readonly string[], { blocks, replacements }: Page): Counted {
  const typed = (isRun: boolean) => blocks.filter(({ words }) => words.has('not-run') !== isRun);
  const inRun = new Set(typed(true).flatMap(linesOf));
  const inNotRun = new Set(typed(false).flatMap(linesOf));
  const instead = new Map(replacements.map((row) => [oneSpace(row.printed), row.instead]));
  const has = { run: 0, replaced: 0, notRun: 0 };
  const missing: string[] = [];
  for (const line of printed.map(oneSpace)) {
    const other = instead.get(line);
    if (inRun.has(line)) has.run++;
    else if (other !== undefined && [...inRun].some((command) => command.includes(oneSpace(other)))) has.replaced++;
    else if (inNotRun.has(line)) has.notRun++;
    else missing.push(line);
  }
  return { lines: printed.length, ...has, missing };
}

/** A command with variables set before it is that command, too. */
function linesOf({ commands }: Block): string[] {
  return commands.map(oneSpace).flatMap((line) => [line, line.replace(/^(?:[A-Z_]+=\S* )+/, '')]);
}

function oneSpace(text: string): string {
  return text.trim().replaceAll(/\s+/g, ' ');
}
