const NEWLINE = 10;
/** What has no line end within it is no line of a log, and must not fill the memory. */
const MAX_LINE_BYTES = 16 << 20;

/** The same bytes in blocks that end where lines end; a block may be overwritten by the next. A line that is far too long comes in pieces. */
export async function* wholeLines(input: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let rest: Buffer | undefined;
  for await (const chunk of input) {
    const end = chunk.lastIndexOf(NEWLINE) + 1;
    if (end > 0) {
      const lines = chunk.subarray(0, end);
      yield rest === undefined ? lines : Buffer.concat([rest, lines]);
      rest = undefined;
    }
    if (end < chunk.length) rest = joined(rest, chunk.subarray(end));
    if (rest !== undefined && rest.length > MAX_LINE_BYTES) {
      yield rest;
      rest = undefined;
    }
  }
  if (rest !== undefined) yield rest;
}

function joined(before: Buffer | undefined, after: Buffer): Buffer {
  return before === undefined ? Buffer.from(after) : Buffer.concat([before, after]);
}
