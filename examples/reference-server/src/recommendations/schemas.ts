import { pageSchema } from '../pagination.js';
import { z } from '../zod.js';

const status = z.enum(['open', 'accepted', 'rejected']);
const decision = z.enum(['accepted', 'rejected']);

export const recommendationPageSchema = pageSchema.extend({ status: status.optional() });

export const decisionSchema = z
  .strictObject({ status: decision })
  .openapi('RecommendationDecision', { example: { status: 'accepted' } });

export const recommendationSchema = z
  .object({
    id: z.string(),
    codebookId: z.uuid(),
    text: z.string(),
    status,
    createdAt: z.iso.datetime(),
    decidedAt: z.iso.datetime().nullable(),
  })
  .openapi('Recommendation');

export type Decision = z.output<typeof decision>;
export type RecommendationPage = z.output<typeof recommendationPageSchema>;
