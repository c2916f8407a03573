/** Where a dump sets what it needs. */
const HEAD_BYTES = 4096;
/** A pg_dump or pg_restore of 17 sets it for every server, and an older one does not know it. */
const NEW_SETTING = '\nSET transaction_timeout = 0;\n';
const KNOWN_SINCE = 17;

/** The script as a server of this version takes it: with a newer program it would refuse the first lines. */
export async function* withKnownSettings(
  script: AsyncIterable<Buffer>,
  serverMajor: number,
): AsyncGenerator<Buffer, void> {
  let head: Buffer | undefined = Buffer.alloc(0);
  for await (const chunk of script) {
    if (head === undefined) {
      yield chunk;
      continue;
    }
    head = Buffer.concat([head, chunk]);
    if (head.length < HEAD_BYTES) continue;
    yield serverMajor < KNOWN_SINCE ? withoutNewSetting(head) : head;
    head = undefined;
  }
  if (head !== undefined) yield serverMajor < KNOWN_SINCE ? withoutNewSetting(head) : head;
}

function withoutNewSetting(head: Buffer): Buffer {
  const at = head.subarray(0, HEAD_BYTES).indexOf(NEW_SETTING);
  return at === -1 ? head : Buffer.concat([head.subarray(0, at + 1), head.subarray(at + NEW_SETTING.length)]);
}
