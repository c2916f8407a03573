/**
 * Cuts a stream into parts of this size; the last is shorter, and the only one of an empty stream is empty. All of them
 * are the same memory: a part is gone when the next one is asked for.
 */
export async function* partsOf(
  source: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  partBytes: number,
): AsyncGenerator<Buffer> {
  const memory = Buffer.allocUnsafeSlow(partBytes);
  let filled = 0;
  let count = 0;
  for await (const chunk of source) {
    for (let from = 0; from < chunk.length;) {
      const piece = chunk.subarray(from, from + partBytes - filled);
      memory.set(piece, filled);
      filled += piece.length;
      from += piece.length;
      if (filled < partBytes) continue;
      count++;
      filled = 0;
      yield memory;
    }
  }
  if (filled > 0 || count === 0) yield memory.subarray(0, filled);
}
