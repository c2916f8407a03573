import { isUtf8 } from 'node:buffer';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Request } from 'express';
import { AppError, ValidationError } from 'express-runbook';
import { z } from './zod.js';

/**
 * For `verify` of `express.json`: JSON is UTF-8 (https://www.rfc-editor.org/rfc/rfc8259#section-8.1), and body-parser puts U+FFFD in
 * the place of bytes that are not, so that another text would be kept than was sent.
 */
export function refuseBrokenText(_req: IncomingMessage, _res: ServerResponse, bytes: Buffer, encoding: string): void {
  if (encoding === 'utf-8' && !isUtf8(bytes)) throw new ValidationError('Malformed JSON');
}

/**
 * Half of a surrogate pair, as `JSON.stringify` writes it; whole pairs it leaves as they are. In UTF-8 there is none, so that U+FFFD
 * would be kept in its place (https://www.rfc-editor.org/rfc/rfc8259#section-8.2). An even number of backslashes before it is text.
 */
const HALF_CHARACTER = /(?<!\\)(?:\\\\)*\\ud[89a-f][0-9a-f]{2}/;

/** The request's body as the schema describes it; throws what the error handler answers with 400. */
export function body<Schema extends z.ZodType>(schema: Schema, req: Request): z.output<Schema> {
  if (req.body === undefined && req.headers['content-type'] !== undefined) {
    throw new AppError(415, 'Content-Type must be application/json');
  }
  const parsed = schema.parse(req.body ?? {});
  if (HALF_CHARACTER.test(JSON.stringify(parsed))) throw new ValidationError('A text has half of a character');
  return parsed;
}

export function query<Schema extends z.ZodType>(schema: Schema, req: Request): z.output<Schema> {
  return schema.parse(req.query);
}

// As text: a BIGINT does not fit a JavaScript number.
const idSchema = z.string().regex(/^[1-9]\d{0,17}$/, 'must be a positive whole number');

/** The `:id` of the path. */
export function idOf(req: Request): string {
  return z.object({ id: idSchema }).parse(req.params).id;
}
