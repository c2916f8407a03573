import { pageSchema } from '../pagination.js';
import { z } from '../zod.js';

const PROJECT_STATUSES = ['active', 'on_hold', 'completed'] as const;

const status = z.enum(PROJECT_STATUSES);
const name = z.string().trim().min(1).max(200);
const description = z.string().max(5000);

export const newProjectSchema = z
  .object({ name, description: description.default(''), status: status.default('active') })
  .openapi('NewProject', { example: { name: 'Harbour bridge', status: 'active' } });

export const projectChangeSchema = z
  .object({ name, description, status })
  .partial()
  .refine((change) => Object.keys(change).length > 0, 'give at least one of name, description, status')
  .openapi('ProjectChange');

export const projectPageSchema = pageSchema.extend({ status: status.optional() });

export const projectSchema = z
  .object({
    id: z.string(),
    name: z.string(),
    description: z.string(),
    status,
    createdAt: z.iso.datetime(),
    updatedAt: z.iso.datetime(),
  })
  .openapi('Project');

export type NewProject = z.output<typeof newProjectSchema>;
export type ProjectChange = z.output<typeof projectChangeSchema>;
export type ProjectPage = z.output<typeof projectPageSchema>;
