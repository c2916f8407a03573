import type { ContextFields } from '../../core/context.js';
import type { Copier } from '../redaction/copier.js';
import type { LogCall } from './call.js';
import { isError } from '../redaction/is-error.js';
import { endOf, type LineEnd } from './line-end.js';
import { FOLLOWING_FIELDS, FROM_CONTEXT, LEADING_FIELDS, LOGGER_FIELDS, TYPED_NAMES } from './schema.js';

export type Fields = Record<string, unknown>;

export type Serializers = Readonly<Record<string, (value: unknown) => unknown>>;

/** What a child logger adds to each of its lines. */
export interface Bound {
  /** Already copied and without secrets. */
  readonly fields: Readonly<Fields>;
  readonly serializers: Serializers;
  readonly prefix: string;
  /** Of the request that the logger belongs to; asked before the asynchronous context, which may be lost or another's. */
  readonly context: Readonly<ContextFields> | undefined;
}

export const NOTHING_BOUND: Bound = Object.freeze({ fields: {}, serializers: {}, prefix: '', context: undefined });

/**
 * Everything of a line that follows the logger's own fields, in the order in which queries and people expect it. Each name
 * comes once: the line's own field, else the child logger's, else the context's. What can wait for the end of the line is
 * handed to `end`.
 */
export function lineRecord(
  copier: Copier,
  bound: Bound,
  context: Readonly<ContextFields> | undefined,
  call: LogCall,
  severity: string | undefined,
  end?: LineEnd,
): Fields {
  // The message first: when a line is too long, it is the last thing to lose.
  const said = call.message === undefined ? undefined : copier.text(call.message);
  const fields = allFields(copier, bound, call.sources);

  const record: Fields = {};
  addTyped(record, LEADING_FIELDS, copier, fields, context);
  const ownMessage = said === undefined && typeof fields.msg === 'string' ? fields.msg : undefined;
  record.msg = bound.prefix + (said ?? ownMessage ?? messageOf(fields.err) ?? '');
  addTyped(record, FOLLOWING_FIELDS, copier, fields, context);
  if (typeof record.userId === 'string') record.userId = copier.rules.userId(record.userId);
  const text = end === undefined ? undefined : endOf(fields, severity);
  if (end !== undefined && text !== undefined) {
    end.text = text;
    return record;
  }
  addRest(record, fields, ownMessage !== undefined);
  if (severity !== undefined) addSeverity(record, severity);
  return record;
}

function allFields(copier: Copier, bound: Bound, sources: readonly object[]): Fields {
  const [only] = sources;
  // The usual line: one object, logged by a logger without bindings.
  if (bound.fields === NOTHING_BOUND.fields && only !== undefined && sources.length === 1) {
    return isError(only) ? { err: copier.value(only) } : asFields(copier.whole(serialized(only, bound.serializers)));
  }
  const fields: Fields = { ...bound.fields };
  for (const source of sources) Object.assign(fields, fieldsOf(copier, bound.serializers, source));
  return fields;
}

/** Copies a child logger's bindings once, so that its lines do not pay for it. */
export function fieldsOf(copier: Copier, serializers: Serializers, source: object): Fields {
  if (isError(source)) return { err: copier.value(source) };
  return asFields(copier.value(serialized(source, serializers)));
}

function asFields(copy: unknown): Fields {
  const hasFields = typeof copy === 'object' && copy !== null && !Array.isArray(copy);
  // What is copied is plain data.
  return hasFields ? (copy as Fields) : { data: copy };
}

/** pino's serializers see the value as it was given. What one of them throws does not cost the line. */
function serialized(source: object, serializers: Serializers): object {
  if (serializers === NOTHING_BOUND.serializers) return source;
  const names = Object.keys(serializers).filter((name) => Object.hasOwn(source, name));
  if (names.length === 0) return source;
  const copy: Fields = { ...source };
  for (const name of names) {
    try {
      copy[name] = serializers[name]?.(copy[name]);
    } catch {
      copy[name] = '[serializer failed]';
    }
  }
  return copy;
}

function addTyped(
  record: Fields,
  typedFields: typeof LEADING_FIELDS,
  copier: Copier,
  fields: Fields,
  context: Readonly<ContextFields> | undefined,
): void {
  for (const [name, typed] of typedFields) {
    const given = fields[name];
    const own = given == null ? undefined : typed(given);
    if (own !== undefined) {
      record[name] = own;
      continue;
    }
    // Of another type than queries expect: kept, under a name that no query asks for.
    if (given != null) record[`${name}_`] = given;
    const known = context === undefined ? undefined : FROM_CONTEXT.get(name)?.(context);
    // Typed as text, but a context that someone else keeps may hold numbers.
    const value = known === undefined ? undefined : typed(copier.value(known));
    if (value !== undefined) record[name] = value;
  }
}

function addRest(record: Fields, fields: Fields, isMessageTaken: boolean): void {
  for (const name of Object.keys(fields)) {
    if (TYPED_NAMES.has(name) || (name === 'msg' && isMessageTaken)) continue;
    const isTaken = name === 'msg' || LOGGER_FIELDS.has(name);
    if (name === '__proto__') Object.defineProperty(record, name, { value: fields[name], enumerable: true });
    else record[isTaken ? `${name}_` : name] = fields[name];
  }
  // pino takes an object with all three for a raw request and logs it in its own shape.
  if (record.socket !== undefined && record.headers !== undefined) {
    record.socket_ = record.socket;
    record.socket = undefined;
  }
}

/** Upper case for `grep ERROR`; an alert's own severity keeps its name and the level's goes beside it. */
function addSeverity(record: Fields, severity: string): void {
  record[record.severity === undefined ? 'severity' : 'severityText'] = severity;
}

function messageOf(error: unknown): string | undefined {
  const message = (error as { message?: unknown } | null | undefined)?.message;
  return typeof message === 'string' ? message : undefined;
}
