import { CommandError } from '../exit-codes.js';
import type { Terminal } from '../terminal.js';

/** A message, not a file. */
const MAX_BYTES = 65_536;

/** What stands on standard input; nobody is asked to type it. */
export async function textFrom({ input, isInteractive }: Terminal): Promise<string> {
  if (isInteractive) throw new CommandError('say a message, or send one by a pipe: echo message | slack-notify "#ops"');
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of input) {
    const part = Buffer.from(chunk as string | Buffer);
    bytes += part.length;
    if (bytes > MAX_BYTES) throw new CommandError(`the message is longer than ${String(MAX_BYTES)} bytes`);
    chunks.push(part);
  }
  return Buffer.concat(chunks).toString('utf8');
}
