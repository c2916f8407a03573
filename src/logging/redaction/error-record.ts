import type { Copier } from './copier.js';
import { LIMITS } from './limits.js';
import { masked } from './text/masked.js';

// Told by fields of their own, or too long to repeat.
const TOLD = new Set(['type', 'name', 'message', 'stack', 'cause', 'errors']);

/**
 * Where libraries put what a client sent: body-parser the raw body, Postgres the values of the row that clashed, query
 * builders and ORMs the parameters of the query, validators the whole input.
 */
const CONTENT: ReadonlySet<string> = new Set([
  ...['body', 'rawBody', 'detail', 'where', 'internalQuery'],
  ...['parameters', 'params', 'values', 'bindings', '_original'],
]);

const HIDDEN: ReadonlySet<string> = new Set([...TOLD, ...CONTENT]);

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
  const isHidden = copier.rules.hidesContent;
  Object.assign(record, copier.fields(error, isHidden ? HIDDEN : TOLD), isHidden ? content(error) : {});
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
  return copier.text(text);
}

function content(error: Error): Record<string, unknown> {
  const shown: Record<string, unknown> = {};
  for (const name of CONTENT) {
    const value = read(() => (error as Error & Record<string, unknown>)[name]);
    if (value === undefined) continue;
    shown[name] = typeof value === 'string' || typeof value === 'object' ? masked(value) : value;
  }
  return shown;
}
