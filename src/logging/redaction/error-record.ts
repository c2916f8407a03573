import type { Copier } from './copier.js';
import { LIMITS } from './limits.js';
import { REDACTED } from './masked.js';

// Told by fields of their own, or too long to repeat.
const TOLD = new Set(['type', 'name', 'message', 'stack', 'cause', 'errors', 'body', 'rawBody', 'detail', 'where']);

const NO_JSON = ' is not valid JSON';

/** An error as a line shows it: type, message, stack, its own fields, causes and aggregated errors. */
export function errorRecord(copier: Copier, error: Error): Record<string, unknown> {
  const record: Record<string, unknown> = {
    type: read(() => error.constructor.name) ?? 'Error',
    message: told(
      copier,
      read(() => error.message),
    ),
    stack: told(
      copier,
      read(() => error.stack),
    ),
  };
  Object.assign(record, copier.fields(error, TOLD), content(copier, error));
  const cause = read(() => error.cause);
  if (cause !== undefined) record.cause = copier.cause(cause);
  const errors = read(() => (error as Partial<AggregateError>).errors);
  if (Array.isArray(errors)) record.aggregateErrors = copier.list(errors, LIMITS.aggregateErrors);
  return record;
}

/** A getter that throws must not cost the rest of the error. */
function read<T>(get: () => T): T | undefined {
  try {
    return get();
  } catch {
    return undefined;
  }
}

function told(copier: Copier, text: unknown): unknown {
  if (typeof text !== 'string') return text === undefined ? '' : copier.value(text);
  return copier.text(copier.rules.hidesContent ? withoutQuote(text) : text);
}

/** V8 quotes the text that did not parse, which is what the client sent. */
function withoutQuote(text: string): string {
  const end = text.indexOf(NO_JSON);
  const start = end === -1 ? -1 : text.indexOf('"');
  return start === -1 || start > end ? text : `${text.slice(0, start)}(the text)${text.slice(end)}`;
}

/** Where libraries put what a client sent: body-parser the raw body, Postgres the values of the row that clashed. */
function content(copier: Copier, error: Error): Record<string, unknown> {
  const shown: Record<string, unknown> = {};
  for (const name of ['body', 'rawBody', 'detail', 'where'] as const) {
    const value = read(() => (error as Error & Record<string, unknown>)[name]);
    if (value === undefined) continue;
    shown[name] = copier.rules.hidesContent && typeof value === 'string' ? REDACTED : copier.field(name, value);
  }
  return shown;
}
