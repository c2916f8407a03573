export interface BoundedBody {
  readonly bytes: Uint8Array;
  /** `false` when there was more than the bound; the rest was not fetched. */
  readonly isWhole: boolean;
}

/** Reads a body up to a bound that counts unpacked bytes, so that a small packed one cannot fill the memory. */
export async function boundedBody(response: Response, maxBytes: number): Promise<BoundedBody> {
  if (response.body === null) return { bytes: new Uint8Array(), isWhole: true };
  // lib.dom leaves the chunks of a reader untyped; those of a fetched body are bytes.
  const reader = response.body.getReader() as ReadableStreamDefaultReader<Uint8Array>;
  const chunks: Uint8Array[] = [];
  let length = 0;
  for (let next = await reader.read(); !next.done; next = await reader.read()) {
    chunks.push(next.value);
    length += next.value.length;
    if (length <= maxBytes) continue;
    // Closes the connection: what else comes is nobody's.
    await reader.cancel();
    return { bytes: Buffer.concat(chunks, maxBytes), isWhole: false };
  }
  return { bytes: Buffer.concat(chunks, length), isWhole: true };
}
