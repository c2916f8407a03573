import type { Readable } from 'node:stream';

/** Longer lines come in pieces, so that a file without line ends does not have to fit into memory. */
const MAX_PIECE_LENGTH = 1 << 20;
/** What stands at the end of one piece stands at the beginning of the next, too. */
const OVERLAP = 4_096;

export interface NumberedLine {
  /** The first one is 1. */
  readonly number: number;
  readonly text: string;
}

/** The lines of a file or pipe of any size, without their ends. */
export async function* linesOf(input: Readable): AsyncGenerator<NumberedLine> {
  input.setEncoding('utf8');
  let number = 1;
  let rest = '';
  let isPiece = false;
  for await (const chunk of input) {
    // Decoded, so chunks are texts.
    rest += chunk as string;
    let from = 0;
    for (let end = rest.indexOf('\n'); end !== -1; end = rest.indexOf('\n', from)) {
      yield { number, text: rest.slice(from, end) };
      number++;
      from = end + 1;
      isPiece = false;
    }
    rest = rest.slice(from);
    if (rest.length <= MAX_PIECE_LENGTH) continue;
    yield { number, text: rest };
    rest = rest.slice(-OVERLAP);
    isPiece = true;
  }
  if (rest !== '' || isPiece) yield { number, text: rest };
}
