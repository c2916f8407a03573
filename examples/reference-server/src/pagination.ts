import { z } from './zod.js';

/** A page holds at most this many rows, and as many when nothing is said. */
const MAX_PAGE = 100;

const wholeNumber = z
  .string()
  .regex(/^\d{1,9}$/, 'must be a whole number')
  .transform(Number);

/** `?limit=&cursor=` walks by key, `?limit=&offset=` by number; a cursor goes before an offset. */
export const pageSchema = z.object({
  limit: wholeNumber.pipe(z.int().min(1).max(MAX_PAGE)).default(MAX_PAGE).openapi({ type: 'integer' }),
  offset: wholeNumber.pipe(z.int().min(0).max(1_000_000)).default(0).openapi({ type: 'integer' }),
  cursor: z
    .string()
    .regex(/^\d{1,18}$/, 'must be the nextCursor of a page before')
    .optional(),
});

export interface Page<Row> {
  readonly data: readonly Row[];
  /** Give it as `cursor` to get what follows; null on the last page. */
  readonly nextCursor: string | null;
}

/** `rows` were asked for with one more than `limit`: that one only tells that there is more. */
export function pageOf<Row extends { readonly id: string }>(rows: readonly Row[], limit: number): Page<Row> {
  const data = rows.slice(0, limit);
  return { data, nextCursor: rows.length > limit ? (data.at(-1)?.id ?? null) : null };
}
