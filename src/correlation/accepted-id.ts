// No quotes, spaces, controls or markup, so an id cannot forge a log line, a header or a label; the length keeps lines short.
const ACCEPTED = /^[A-Za-z0-9_][A-Za-z0-9_.:@/+=-]{0,127}$/;

// Keys that mean something to a JavaScript object.
const RESERVED = new Set(['__proto__', 'constructor']);

/** The id a client sent, verbatim, when it is one value and harmless; else nothing. */
export function acceptedId(header: string | string[] | undefined): string | undefined {
  // Node joins a repeated header with ", ", which the pattern refuses; an array is a repeated header too.
  if (typeof header !== 'string' || !ACCEPTED.test(header) || RESERVED.has(header)) return undefined;
  return header;
}
