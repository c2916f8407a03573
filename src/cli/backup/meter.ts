import { Transform } from 'node:stream';

/** Passes everything on, and tells of each piece. */
export function meter(onChunk: (chunk: Buffer) => void): Transform {
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      onChunk(chunk);
      done(undefined, chunk);
    },
  });
}
