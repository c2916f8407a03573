import { open } from 'node:fs/promises';

const NEWLINE = 10;
const BLOCK_BYTES = 1 << 16;

/** Where the last lines of a file begin; found from its end, however large it is. */
export async function tailOffset(path: string, lines: number): Promise<number> {
  const file = await open(path);
  try {
    const { size } = await file.stat();
    const block = Buffer.alloc(BLOCK_BYTES);
    // The end of the last line begins no other one.
    let wanted = lines + ((await endsInNewline(file, size)) ? 1 : 0);
    for (let end = size; end > 0; end -= Math.min(end, BLOCK_BYTES)) {
      const from = Math.max(0, end - BLOCK_BYTES);
      const { bytesRead } = await file.read(block, 0, end - from, from);
      for (let at = block.lastIndexOf(NEWLINE, bytesRead - 1); at !== -1; at = lastBefore(block, at)) {
        wanted--;
        if (wanted === 0) return from + at + 1;
      }
    }
    return 0;
  } finally {
    await file.close();
  }
}

/** A negative offset would be counted from the end. */
function lastBefore(block: Buffer, at: number): number {
  return at === 0 ? -1 : block.lastIndexOf(NEWLINE, at - 1);
}

async function endsInNewline(file: Awaited<ReturnType<typeof open>>, size: number): Promise<boolean> {
  if (size === 0) return false;
  const last = Buffer.alloc(1);
  await file.read(last, 0, 1, size - 1);
  return last[0] === NEWLINE;
}
