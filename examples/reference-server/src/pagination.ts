import { z } from './zod.js';

/** A page holds at most this many rows, and as many when nothing is said. */
const MAX_PAGE = 100;

const wholeNumber = z
  .string()
  .regex(/^\d{1,9}$/, 'must be a whole number')
  .transform(Number);

/** `?limit=&cursor=` walks by key, `?limit=&offset=` by number. */
export const pageSchema = z.object({
  limit: wholeNumber.pipe(z.int().min(1).max(MAX_PAGE)).default(MAX_PAGE).openapi({ type: 'integer' }),
  offset: wholeNumber.pipe(z.int().min(0).max(1_000_000)).default(0).openapi({ type: 'integer' }),
  // What is in it is for findPage to judge.
  cursor: z.string().optional(),
});

export type PageRequest = z.output<typeof pageSchema>;
