import { LOGGER_FIELDS, TYPED_NAMES } from './schema.js';

/**
 * What a line ends with, as JSON without its braces: fields that nothing has to be done with are serialised in one go, which
 * takes a fraction of the time that pino takes for one after the other. Empty for a line that pino writes whole.
 */
export interface LineEnd {
  text: string;
}

type Fields = Readonly<Record<string, unknown>>;

// What the logger says itself, and what pino takes for a request.
const NAMED_ANEW: ReadonlySet<string> = new Set([...LOGGER_FIELDS, 'msg', 'severity', 'socket', '__proto__']);

/** All but the typed fields, which have their place. Nothing when another one has to be looked at by itself. */
export function endOf(fields: Fields, severity: string | undefined): string | undefined {
  let rest: Record<string, unknown> | undefined;
  const names = Object.keys(fields);
  for (const name of names) {
    // A field of another type than queries expect may have got that name.
    if (NAMED_ANEW.has(name) || name.endsWith('_')) return undefined;
    if (TYPED_NAMES.has(name)) rest ??= {};
  }
  if (rest !== undefined) for (const name of names) if (!TYPED_NAMES.has(name)) rest[name] = fields[name];
  const json = jsonOf(rest ?? fields);
  if (json === undefined || json === '{}') return undefined;
  const text = `,${json.slice(1, -1)}`;
  return severity === undefined ? text : `${text},"severity":"${severity}"`;
}

export function withEnd(line: string, { text }: LineEnd): string {
  // pino's own end is a brace and a line feed.
  return text === '' ? line : `${line.slice(0, -2)}${text}}\n`;
}

function jsonOf(fields: Fields): string | undefined {
  try {
    return JSON.stringify(fields);
  } catch {
    // pino has its own way with what cannot be serialised.
    return undefined;
  }
}
