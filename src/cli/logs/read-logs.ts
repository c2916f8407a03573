import { addAbortSignal } from 'node:stream';
import { CommandError } from '../exit-codes.js';
import type { Terminal } from '../terminal.js';
import { visible } from '../visible.js';
import { fileBytes } from './file-bytes.js';
import { followed } from './followed.js';
import type { LineFilter } from './line-filter.js';
import { logFiles } from './log-files.js';
import { scan, type LineReader, type Tally } from './scan.js';
import { tailOffset } from './tail-offset.js';
import { isPacked, unpacked } from './unpacked.js';

export interface LogSource {
  readonly files: readonly string[];
  readonly rotated?: true;
  /** Only so many of the last lines of each file. */
  readonly tail?: number;
  /** Goes on until the signal is aborted. */
  readonly follow?: true;
  readonly signal: AbortSignal;
}

/** What `tail -f` begins with. */
const FOLLOW_TAIL = 10;

/** Reads one log after the other; what is no JSON is counted and told. */
export async function readLogs(
  terminal: Terminal,
  source: LogSource,
  filters: readonly LineFilter[],
  reader: LineReader,
): Promise<Tally> {
  const tally: Tally = { lines: 0, matched: 0, broken: 0 };
  const files = await logFiles(source.files, source, terminal).catch((error: unknown) => {
    throw unreadable(String((error as NodeJS.ErrnoException).path), error);
  });
  if (source.follow !== undefined && files.length > 1) throw new CommandError('--follow takes one file');
  for (const file of files) {
    try {
      await scan(await opened(file, source, terminal), filters, reader, tally, source.signal);
    } catch (error) {
      throw unreadable(file, error);
    }
  }
  terminal.complain(`${tally.matched} of ${tally.lines} lines${brokenText(tally)}\n`);
  return tally;
}

async function opened(
  file: string,
  { tail, follow, signal }: LogSource,
  terminal: Terminal,
): Promise<AsyncIterable<Buffer>> {
  // Neither has an encoding, so their chunks are bytes.
  if (file === '-') {
    // Nothing else would end the wait for a line that does not come.
    return withoutTail(tail, unpacked(addAbortSignal(signal, terminal.input) as AsyncIterable<Buffer>));
  }
  const lines = tail ?? (follow === undefined ? undefined : FOLLOW_TAIL);
  if (lines !== undefined && (await isPacked(file))) throw packed(file);
  const start = lines === undefined ? 0 : await tailOffset(file, lines);
  if (follow !== undefined) return followed(file, start, signal);
  const bytes = fileBytes(file, start);
  return start > 0 ? bytes : unpacked(bytes);
}

function withoutTail(tail: number | undefined, input: AsyncIterable<Buffer>): AsyncIterable<Buffer> {
  if (tail === undefined) return input;
  throw new CommandError('--tail reads the end of files: put tail -n before the pipe');
}

function packed(file: string): CommandError {
  return new CommandError(
    `${visible(file)} is packed: --tail and --follow take plain files; gunzip -c and tail -n before a pipe`,
  );
}

function brokenText({ broken }: Tally): string {
  return broken === 0 ? '' : `, ${broken} not JSON`;
}

function unreadable(file: string, error: unknown): unknown {
  const { code, message } = error as NodeJS.ErrnoException;
  if (error instanceof CommandError || typeof code !== 'string') return error;
  return new CommandError(`cannot read ${visible(file)}: ${code === 'Z_DATA_ERROR' ? message : code}`);
}
