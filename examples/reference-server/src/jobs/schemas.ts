import { z } from '../zod.js';

const priority = z.enum(['low', 'normal', 'high', 'urgent']);

export const newJobSchema = z
  .object({ type: z.enum(['analysis']), clientId: z.uuid(), priority: priority.default('normal') })
  .openapi('NewJob', { example: { type: 'analysis', clientId: '0b0d3c5e-7f1f-4a0e-9d0c-2f6a4f1f7c11' } });

export const jobSchema = z
  .object({
    id: z.uuid(),
    type: z.string(),
    status: z.enum(['pending', 'running', 'completed', 'failed']),
    attempts: z.int(),
    priority,
    result: z.unknown(),
    error: z.string().nullable(),
    createdAt: z.iso.datetime(),
    startedAt: z.iso.datetime().nullable(),
    completedAt: z.iso.datetime().nullable(),
  })
  .openapi('Job');

export const jobIdSchema = z.object({ id: z.uuid() });
