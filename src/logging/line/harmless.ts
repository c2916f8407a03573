// DEL, C1 controls (CSI and NEL among them), line separators, marks and overrides of writing direction: JSON leaves them
// as they are, terminals and viewers act on them.
const UNSAFE = /[\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/;
const EVERY_UNSAFE = new RegExp(UNSAFE, 'g');

/** JSON or text without characters that a terminal or a viewer obeys: they are escaped as JSON escapes. */
export function harmless(text: string): string {
  // In ASCII, one byte a character, only DEL is unsafe: the usual line is told by that, in a fraction of the time.
  if (Buffer.byteLength(text) === text.length && !text.includes('\u007f')) return text;
  return UNSAFE.test(text) ? text.replace(EVERY_UNSAFE, escaped) : text;
}

function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
