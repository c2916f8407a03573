import { REDACTED } from './masked.js';

const NO_JSON = ' is not valid JSON';

/** V8 quotes the text that did not parse, which is what the client sent. */
export function withoutUnparsedText(text: string): string {
  const end = text.indexOf(NO_JSON);
  if (end === -1) return text;
  const told = text.lastIndexOf('Unexpected ', end);
  const start = text.indexOf('"', Math.max(told, 0));
  if (start === -1 || start >= end) return text;
  // The text may hold the words that end it.
  return `${text.slice(0, start)}"${REDACTED}"${text.slice(text.lastIndexOf(NO_JSON))}`;
}
