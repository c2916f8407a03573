import { z } from '../zod.js';

const task = z.enum(['analysis', 'refactor', 'recommendations']);

export const promptParams = z.object({ task });

export const promptChangeSchema = z
  .strictObject({ text: z.string().trim().min(1).max(4000) })
  .openapi('PromptTemplateChange', { example: { text: 'Say in one sentence what these items are about.' } });

export const promptSchema = z.object({ task, text: z.string(), updatedAt: z.iso.datetime() }).openapi('PromptTemplate');
