import { harmless } from './harmless.js';

/** Longer lines are cut by log shippers, in the middle (Docker's at 16 KiB). */
const MAX_LINE_BYTES = 16 * 1024;
const MAX_BYTES_PER_CHARACTER = 3;
const MAX_CUT_TEXT = 512;
// For `truncated` and the fields that are never left out.
const RESERVED_BYTES = 512;

/** The line as it leaves: nothing in it that a terminal obeys, and within 16 KiB. */
export function writtenLine(line: string): string {
  const safe = harmless(line);
  if (safe.length * MAX_BYTES_PER_CHARACTER <= MAX_LINE_BYTES || Buffer.byteLength(safe) <= MAX_LINE_BYTES) return safe;
  return shortened(safe);
}

/** Keeps the fields that fit, the first ones first; says that something is missing. */
function shortened(line: string): string {
  // Written by our own serialiser a moment ago.
  const record = JSON.parse(line) as Record<string, unknown>;
  const kept: Record<string, unknown> = {};
  let bytesLeft = MAX_LINE_BYTES - RESERVED_BYTES;
  for (const [name, value] of Object.entries(record)) {
    const shorter = typeof value === 'string' ? value.slice(0, MAX_CUT_TEXT) : value;
    const isWanted = name === 'msg' || name.startsWith('severity');
    const fitting = [value, shorter].find((candidate) => bytesOf(name, candidate) <= bytesLeft);
    if (fitting === undefined && !isWanted) continue;
    kept[name] = fitting ?? '';
    bytesLeft -= bytesOf(name, kept[name]);
  }
  return `${escapedJson({ ...kept, truncated: true })}\n`;
}

function bytesOf(name: string, value: unknown): number {
  return Buffer.byteLength(escapedJson({ [name]: value }));
}

function escapedJson(value: unknown): string {
  return harmless(JSON.stringify(value));
}
