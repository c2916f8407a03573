/** pg_dump writes it behind its first comment. */
const HEAD_BYTES = 512;
const OPENS = /^((?:--[^\n]*\n|\s*\n)*)\\restrict (\w+)\n/;
/** What pg_dump writes behind its last comment is shorter. */
const TAIL_BYTES = 1024;

/**
 * The text of a dump without the `\restrict` that it brings along and the `\unrestrict` at its end, for whoever puts others around
 * it: the key of the first two was chosen by who wrote the dump, who can end them in its middle and have psql run a shell.
 */
export async function* withoutOwnRestriction(script: AsyncIterable<Buffer>): AsyncGenerator<Buffer, void> {
  let key: string | undefined;
  let isHead = true;
  let held = Buffer.alloc(0);
  for await (const chunk of script) {
    held = Buffer.concat([held, chunk]);
    if (held.length < HEAD_BYTES + TAIL_BYTES) continue;
    if (isHead) [held, key] = withoutOpening(held);
    isHead = false;
    yield held.subarray(0, -TAIL_BYTES);
    held = Buffer.from(held.subarray(-TAIL_BYTES));
  }
  if (isHead) [held, key] = withoutOpening(held);
  yield key === undefined ? held : withoutClosing(held, key);
}

function withoutOpening(head: Buffer): [rest: Buffer<ArrayBuffer>, key: string | undefined] {
  const [whole = '', comments = '', key] = OPENS.exec(head.toString('latin1', 0, HEAD_BYTES)) ?? [];
  return [Buffer.concat([head.subarray(0, comments.length), head.subarray(whole.length)]), key];
}

function withoutClosing(tail: Buffer, key: string): Buffer {
  const text = tail.toString('latin1').trimEnd();
  const closing = `\n\\unrestrict ${key}`;
  return text.endsWith(closing) ? tail.subarray(0, text.length - closing.length + 1) : tail;
}
