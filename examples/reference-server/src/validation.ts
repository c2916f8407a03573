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

/** The request's body as the schema describes it; throws a `ZodError`, which the error handler answers with 400. */
export function body<Schema extends z.ZodType>(schema: Schema, req: Request): z.output<Schema> {
  if (req.body === undefined && req.headers['content-type'] !== undefined) {
    throw new AppError(415, 'Content-Type must be application/json');
  }
  return schema.parse(req.body ?? {});
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
