import { pageSchema } from '../pagination.js';
import { z } from '../zod.js';

const status = z.enum(['open', 'completed']);

export const newTaskSchema = z
  .object({ title: z.string().trim().min(1).max(200) })
  .openapi('NewTask', { example: { title: 'Call the harbour master' } });

export const taskPageSchema = pageSchema.extend({ status: status.optional() });

export const taskSchema = z
  .object({
    id: z.string(),
    title: z.string(),
    status,
    createdAt: z.iso.datetime(),
    completedAt: z.iso.datetime().nullable(),
  })
  .openapi('Task');

export type NewTask = z.output<typeof newTaskSchema>;
export type TaskPage = z.output<typeof taskPageSchema>;
