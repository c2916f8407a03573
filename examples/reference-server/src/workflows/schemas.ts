import { z } from '../zod.js';

export const templateSchema = z
  .object({ id: z.string(), name: z.string(), body: z.string(), createdAt: z.iso.datetime() })
  .openapi('Template');

export const workflowSchema = z
  .object({
    id: z.string(),
    name: z.string(),
    eventType: z.string(),
    templateId: z.string(),
    isActive: z.boolean(),
    createdAt: z.iso.datetime(),
  })
  .openapi('Workflow');
