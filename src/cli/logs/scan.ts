import type { LineFilter } from './line-filter.js';
import { logLine, type LogLine } from './log-line.js';
import { wholeLines } from './whole-lines.js';

/** What was read: lines that say something, those that the question is about, and those that are no JSON. */
export interface Tally {
  lines: number;
  matched: number;
  broken: number;
}

export interface LineReader {
  readonly take: (line: LogLine) => void;
  /** After each block of lines, for what is printed. */
  readonly pause?: () => Promise<void>;
}

const [BRACE, LAST_BLANK] = [0x7d, 0x20];

/** Hands the lines that all filters accept to the reader. Memory is that of one block, however large the file is. */
export async function scan(
  input: AsyncIterable<Buffer>,
  filters: readonly LineFilter[],
  reader: LineReader,
  tally: Tally,
  signal: AbortSignal,
): Promise<void> {
  const hint = filters.find((filter) => filter.hint !== undefined)?.hint;
  const take = (line: LogLine): void => {
    if (!filters.every(({ accepts }) => accepts(line))) return;
    tally.matched++;
    reader.take(line);
  };
  for await (const block of wholeLines(input)) {
    signal.throwIfAborted();
    scanBlock(block, hint, take, tally);
    await reader.pause?.();
  }
}

/**
 * Lines that cannot be meant are told by their bytes, which costs a fraction of parsing them. Of those only the last character is
 * looked at to see whether they are whole.
 */
function scanBlock(block: Buffer, hint: RegExp | undefined, take: (line: LogLine) => void, tally: Tally): void {
  const bytes = block.toString('latin1');
  const hits = hint === undefined ? undefined : new RegExp(hint.source, `g${hint.flags}`);
  let hit = hits === undefined ? 0 : -1;
  let start = 0;
  while (start < bytes.length) {
    const newline = bytes.indexOf('\n', start);
    const end = newline === -1 ? bytes.length : newline;
    const last = lastCharacter(bytes, start, end);
    if (last >= start) {
      tally.lines++;
      if (hits !== undefined && hit < start) hit = nextHit(hits, bytes, start);
      const isMeant = hits === undefined || hit < end;
      const line = isMeant ? logLine(block.toString('utf8', start, last + 1)) : undefined;
      if (line !== undefined) take(line);
      else if (isMeant || bytes.charCodeAt(last) !== BRACE) tally.broken++;
    }
    start = end + 1;
  }
}

/** Before blanks, and the carriage return of lines from elsewhere; before `start` when there is nothing else. */
function lastCharacter(bytes: string, start: number, end: number): number {
  let last = end - 1;
  while (last >= start && bytes.charCodeAt(last) <= LAST_BLANK) last--;
  return last;
}

function nextHit(hits: RegExp, bytes: string, from: number): number {
  hits.lastIndex = from;
  return hits.exec(bytes)?.index ?? Number.POSITIVE_INFINITY;
}
