import { Writable } from 'node:stream';

const BLOCK_BYTES = 512;
/** The size in a header (POSIX ustar): octal digits, or where they do not suffice the number itself behind a bit of its own. */
const SIZE = { from: 124, to: 136, isBinary: 0x80 } as const;
const ENDS_WITH_EMPTY_BLOCKS = 2;

/** Follows a tar from header to header to its end: at the end of one that is cut off pg_restore 15 goes on for ever. */
export class TarLook extends Writable {
  #header = Buffer.alloc(0);
  #contentBytes = 0;
  #emptyBlocks = 0;

  get isWhole(): boolean {
    return this.#emptyBlocks >= ENDS_WITH_EMPTY_BLOCKS;
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: () => void): void {
    let rest = chunk;
    while (rest.length > 0 && !this.isWhole) {
      const isHeader = this.#contentBytes === 0;
      const piece = rest.subarray(0, isHeader ? BLOCK_BYTES - this.#header.length : this.#contentBytes);
      rest = rest.subarray(piece.length);
      if (isHeader) this.#read(piece);
      else this.#contentBytes -= piece.length;
    }
    done();
  }

  #read(piece: Buffer): void {
    this.#header = Buffer.concat([this.#header, piece]);
    if (this.#header.length < BLOCK_BYTES) return;
    if (this.#header.every((byte) => byte === 0)) this.#emptyBlocks++;
    else this.#contentBytes = Math.ceil(sizeIn(this.#header) / BLOCK_BYTES) * BLOCK_BYTES;
    this.#header = Buffer.alloc(0);
  }
}

/** Beyond every end when it says nothing. */
function sizeIn(header: Buffer): number {
  const field = header.subarray(SIZE.from, SIZE.to);
  if (field[0] === SIZE.isBinary) return Number(BigInt(`0x${field.toString('hex', 1)}`));
  const [digits] = /^[0-7]+/.exec(field.toString('latin1').trimStart()) ?? [];
  return digits === undefined ? Infinity : Number.parseInt(digits, 8);
}
