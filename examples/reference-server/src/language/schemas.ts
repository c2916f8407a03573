import { jobSchema } from '../jobs/schemas.js';
import { z } from '../zod.js';

const MAX_TEXT = 20_000;
const MAX_MATCHES = 1000;

const clientId = z.uuid();

/** What a job keeps as JSON: PostgreSQL has neither NUL nor half of a surrogate pair in it. */
const keptText = (maxCharacters: number) =>
  z
    .string()
    .trim()
    .min(1)
    .max(maxCharacters)
    // eslint-disable-next-line no-control-regex -- that one is what must not get in
    .refine((text) => !/[\u0000\p{Surrogate}]/u.test(text), 'must have no NUL and no half of a character');

const searched = {
  text: keptText(1000),
  limit: z.int().min(1).max(MAX_MATCHES).default(10),
};
const order = {
  priority: z.enum(['low', 'normal', 'high', 'urgent']).default('normal'),
  /** `night`: when it costs nobody's time. */
  when: z.enum(['now', 'night']).default('now'),
};

export const textSchema = z
  .object({ clientId, text: keptText(MAX_TEXT) })
  .openapi('Text', { example: { clientId: '0b0f1f3e-6f0e-4f0e-8f0e-0b0f1f3e6f0e', text: 'Too slow, too dear.' } });

export const searchSchema = z.object({ clientId, ...searched }).openapi('Search');

export const resultSchema = z.object({ result: z.string() }).openapi('LanguageResult');

export const matchesSchema = z
  .object({
    matches: z.array(
      z.object({ id: z.string(), score: z.number(), metadata: z.record(z.string(), z.unknown()).optional() }),
    ),
  })
  .openapi('Matches');

export const orderSchema = z.strictObject(order).openapi('CodebookOrder');

export const searchOrderSchema = z.strictObject({ ...searched, ...order }).openapi('CodebookSearchOrder');

/** The job, and whether what it needs is away: it is done when that is back. */
export const queuedJobSchema = jobSchema
  .extend({ degraded: z.boolean(), message: z.string().optional() })
  .openapi('QueuedJob');
