import { LIMITS } from '../redaction/limits.js';
import type { Rules } from '../redaction/rules.js';
import { shortUrl } from '../redaction/short-url.js';
import type { Fields } from './record.js';

/** The fields of a request line, and what they are when nothing about them is unusual. */
const PLAIN_TYPES: ReadonlyMap<string, string> = new Map([
  ['requestId', 'string'],
  ['correlationId', 'string'],
  ['method', 'string'],
  ['url', 'string'],
  ['statusCode', 'number'],
  ['duration', 'number'],
  ['userId', 'string'],
  ['clientId', 'string'],
  ['trace_id', 'string'],
  ['span_id', 'string'],
  ['route', 'string'],
  ['aborted', 'boolean'],
  ['outcome', 'string'],
  ['sampleRate', 'number'],
]);

/** Of all texts together. Far below what one of them may have: a mask may be several times as long as the secret it hides. */
const MAX_CHARACTERS = LIMITS.textLength / 4;

/**
 * Makes of the usual request line what `lineRecord` makes of it, in a fraction of the time: every request pays for it.
 * Nothing when a field is unknown, of another type, too long or a secret by its name; such a line goes the long way.
 */
export function accessRecords(
  rules: Rules,
  severity: string | undefined,
): (args: readonly unknown[]) => Fields | undefined {
  if ([...PLAIN_TYPES.keys()].some((name) => rules.isSensitive(name))) return () => undefined;
  const { scrub } = rules;
  // A service has few methods, messages and routes: each is looked through once, as a key is.
  const known = (text: string): string => rules.shownKey(text);
  const text = (value: unknown): string | undefined => (typeof value === 'string' ? scrub(value) : undefined);
  const knownText = (value: unknown): string | undefined => (typeof value === 'string' ? known(value) : undefined);

  return ([given, message]) => {
    const fields = copyOf(given);
    if (typeof message !== 'string' || fields === undefined || !isPlain(fields, message)) return undefined;
    return {
      requestId: text(fields.requestId),
      correlationId: text(fields.correlationId),
      method: knownText(fields.method),
      url: typeof fields.url === 'string' ? shortUrl(scrub(fields.url)) : undefined,
      statusCode: fields.statusCode,
      duration: fields.duration,
      msg: known(message),
      userId: typeof fields.userId === 'string' ? rules.userId(scrub(fields.userId)) : undefined,
      clientId: text(fields.clientId),
      trace_id: text(fields.trace_id),
      span_id: text(fields.span_id),
      route: knownText(fields.route),
      aborted: fields.aborted,
      outcome: knownText(fields.outcome),
      sampleRate: fields.sampleRate,
      severity,
    };
  };
}

/** Read once: a getter may give something else the next time. One that throws is told of by the long way. */
function copyOf(given: unknown): Fields | undefined {
  if (typeof given !== 'object' || given === null) return undefined;
  try {
    return { ...given };
  } catch {
    return undefined;
  }
}

function isPlain(fields: Readonly<Fields>, message: string): boolean {
  let characters = message.length;
  for (const name of Object.keys(fields)) {
    const value = fields[name];
    if (value === undefined) continue;
    if (typeof value !== PLAIN_TYPES.get(name)) return false;
    if (typeof value === 'string') characters += value.length;
    else if (typeof value === 'number' && !Number.isFinite(value)) return false;
  }
  return characters <= MAX_CHARACTERS;
}
