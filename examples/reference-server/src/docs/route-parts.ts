import type { RouteConfig } from '@asteasolutions/zod-to-openapi';
import { z } from '../zod.js';

const errorSchema = z
  .object({
    success: z.literal(false),
    error: z.object({ code: z.int(), message: z.string() }),
    requestId: z.string().optional(),
  })
  .openapi('Error');

export const idParams = z.object({ id: z.string() });
export const secured: Pick<RouteConfig, 'security'> = { security: [{ bearer: [] }] };

export function json(schema: z.ZodType): { content: { 'application/json': { schema: z.ZodType } } } {
  return { content: { 'application/json': { schema } } };
}

export function page(row: z.ZodType): z.ZodType {
  return z.object({ data: z.array(row), nextCursor: z.string().nullable(), hasNext: z.boolean() });
}

/** The answers of a route: its own, and the errors that it can give. */
export function answers(status: number, schema: z.ZodType | undefined, ...errors: number[]): RouteConfig['responses'] {
  const own = { description: 'Success', ...(schema === undefined ? {} : json(schema)) };
  const failures = errors.map((code) => [code, { description: `Error ${String(code)}`, ...json(errorSchema) }]);
  return { [status]: own, ...Object.fromEntries(failures) } as RouteConfig['responses'];
}
