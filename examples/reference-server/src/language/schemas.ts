import { z } from '../zod.js';

const MAX_TEXT = 20_000;

const clientId = z.uuid();

export const textSchema = z
  .object({ clientId, text: z.string().trim().min(1).max(MAX_TEXT) })
  .openapi('Text', { example: { clientId: '0b0f1f3e-6f0e-4f0e-8f0e-0b0f1f3e6f0e', text: 'Too slow, too dear.' } });

export const searchSchema = z
  .object({ clientId, text: z.string().trim().min(1).max(1000), limit: z.int().min(1).max(1000).default(10) })
  .openapi('Search');

export const resultSchema = z.object({ result: z.string() }).openapi('LanguageResult');

export const matchesSchema = z
  .object({
    matches: z.array(
      z.object({ id: z.string(), score: z.number(), metadata: z.record(z.string(), z.unknown()).optional() }),
    ),
  })
  .openapi('Matches');
