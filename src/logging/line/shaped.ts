import { pathOf } from '../../core/route.js';
import type { LineSchema } from './line-schemas.js';
import type { Fields } from './record.js';

export type Shape = (record: Fields) => Fields;

/**
 * Turns our record of an event into the line of a schema; nothing for the schema that the record has already. `base` are the
 * logger's own fields, for a schema that has them in its context.
 */
export function shapeOf(schema: LineSchema, base: Readonly<Fields>): Shape | undefined {
  if (schema.context !== undefined) return nestedShape(schema, schema.context, base);
  if (schema.messageKey === 'msg' && !schema.hasStack) return undefined;
  return (record) => flatShape(schema, record);
}

function flatShape({ messageKey, hasStack }: LineSchema, record: Fields): Fields {
  const line: Fields = {};
  for (const name of Object.keys(record)) {
    if (name === 'msg') line[messageKey] = record.msg;
    else set(line, name === messageKey ? `${name}_` : name, record[name]);
  }
  if (hasStack && line.stack === undefined) liftStack(line);
  return line;
}

/** The stack once, at the top, where winston's `errors({ stack: true })` has it. */
function liftStack(line: Fields): void {
  const { err } = line;
  if (typeof err !== 'object' || err === null || !('stack' in err)) return;
  const { stack, ...rest } = err;
  line.err = rest;
  line.stack = stack;
}

function nestedShape(
  { messageKey }: LineSchema,
  { key, names, endpointKey, always }: NonNullable<LineSchema['context']>,
  base: Readonly<Fields>,
): Shape {
  const blank = Object.fromEntries(always.map((name) => [name, null]));
  return (record) => {
    const context: Fields = { ...blank };
    const endpoint = endpointOf(record);
    for (const name of Object.keys(record)) {
      if (name === 'msg') continue;
      if (endpoint !== undefined && (name === 'method' || name === 'route')) continue;
      const wanted = Object.hasOwn(names, name) ? String(names[name]) : snakeCase(name);
      // Said under both spellings: ours comes first, and nothing is lost.
      const isTaken = Object.hasOwn(context, wanted) && context[wanted] !== null;
      set(context, isTaken ? `${wanted}_` : wanted, record[name]);
    }
    if (endpoint !== undefined) context[endpointKey] = endpoint;
    return { [messageKey]: record.msg, [key]: Object.assign(context, base) };
  };
}

function endpointOf({ method, route, url }: Fields): string | undefined {
  if (typeof method !== 'string') return undefined;
  if (typeof route === 'string') return `${method} ${route}`;
  return typeof url === 'string' ? `${method} ${pathOf(url)}` : undefined;
}

function snakeCase(name: string): string {
  return name.replace(/(?<=[a-z\d])[A-Z]/g, (capital) => `_${capital}`).toLowerCase();
}

function set(fields: Fields, name: string, value: unknown): void {
  if (name === '__proto__') Object.defineProperty(fields, name, { value, enumerable: true });
  else fields[name] = value;
}
