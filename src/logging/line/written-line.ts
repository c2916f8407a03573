import { harmless } from './harmless.js';

/** Longer lines are cut by log shippers, in the middle (Docker's at 16 KiB). */
const MAX_LINE_BYTES = 16 * 1024;
const DELETE = '\u007f';
const MAX_CUT_TEXT = 512;
// For `truncated` and the fields that are never left out.
const RESERVED_BYTES = 512;
const MAX_RESERVED_TEXT = 16;

/** The line as it leaves: nothing in it that a terminal obeys, and within 16 KiB. */
export function writtenLine(line: string): string {
  const bytes = Buffer.byteLength(line);
  // As many bytes as characters: ASCII, of which JSON leaves nothing but DEL. Counting costs far less than looking.
  const isAscii = bytes === line.length && !line.includes(DELETE);
  const safe = isAscii ? line : harmless(line);
  return bytes <= MAX_LINE_BYTES && safe === line ? line : fittingLine(safe);
}

function fittingLine(line: string): string {
  return Buffer.byteLength(line) <= MAX_LINE_BYTES ? line : shortened(line);
}

/** Keeps the fields that fit, the first ones first; says that something is missing. */
function shortened(line: string): string {
  // Written by our own serialiser a moment ago.
  const record = JSON.parse(line) as Record<string, unknown>;
  return `${escapedJson({ ...fitting(record, MAX_LINE_BYTES - RESERVED_BYTES), truncated: true })}\n`;
}

function fitting(record: object, maxBytes: number): Record<string, unknown> {
  const kept: Record<string, unknown> = {};
  let bytesLeft = maxBytes;
  for (const [name, value] of Object.entries<unknown>({ ...record })) {
    const isWanted = name === 'msg' || name === 'message' || name.startsWith('severity');
    const smaller = bytesOf(name, value) <= bytesLeft ? value : shorter(name, value, bytesLeft);
    const isSmallEnough = bytesOf(name, smaller) <= bytesLeft;
    if (!isSmallEnough && !isWanted) continue;
    kept[name] = isSmallEnough ? smaller : String(smaller).slice(0, MAX_RESERVED_TEXT);
    bytesLeft -= bytesOf(name, kept[name]);
  }
  return kept;
}

function shorter(name: string, value: unknown, maxBytes: number): unknown {
  if (typeof value === 'string') return value.slice(0, MAX_CUT_TEXT);
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
  return isObject ? fitting(value, maxBytes - bytesOf(name, {})) : value;
}

function bytesOf(name: string, value: unknown): number {
  return Buffer.byteLength(escapedJson({ [name]: value }));
}

function escapedJson(value: unknown): string {
  return harmless(JSON.stringify(value));
}
