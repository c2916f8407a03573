import { z } from '../zod.js';

export const newRuleSchema = z
  .strictObject({ text: z.string().trim().min(1).max(1000) })
  .openapi('NewClientRule', { example: { text: 'Labels are in the singular.' } });

export const ruleSchema = z
  .object({ id: z.string(), text: z.string(), createdAt: z.iso.datetime() })
  .openapi('ClientRule');
