import { createInterface } from 'node:readline';
import { CommandError, EXIT } from './exit-codes.js';
import type { Terminal } from './terminal.js';
import { visible } from './visible.js';

/** Goes on only when a person types `word`, or said --yes before. Without a person to ask, the answer is no. */
export async function confirm(
  { terminal, signal }: { terminal: Terminal; signal: AbortSignal },
  what: string,
  word: string,
  isSaid: boolean,
): Promise<void> {
  if (isSaid) return;
  if (!terminal.isInteractive) throw new CommandError(`${what}: say --yes where nobody can be asked`, EXIT.usage);
  terminal.complain(`${visible(what)}. Type ${JSON.stringify(word)} to go on: `);
  if ((await firstLine(terminal, signal)).trim() !== word) throw new CommandError('not done', EXIT.failed);
}

/** Empty when the input ends, or is interrupted, before there is one. */
async function firstLine(terminal: Terminal, signal: AbortSignal): Promise<string> {
  const lines = createInterface({ input: terminal.input, signal });
  try {
    for await (const line of lines) return line;
    return '';
  } finally {
    lines.close();
  }
}
