import { z } from '../zod.js';

export const newApiKeySchema = z
  .strictObject({
    name: z.string().trim().min(1).max(100),
    /** A second key for the same client, so that the first can be replaced without a gap. */
    clientId: z.uuid().optional(),
    expiresAt: z.iso
      .datetime()
      .transform((text) => new Date(text))
      .refine((date) => date.getTime() > Date.now(), 'must be in the future')
      .optional()
      .openapi({ type: 'string', format: 'date-time' }),
  })
  .openapi('NewApiKey', { example: { name: 'nightly import' } });

export const apiKeySchema = z
  .object({
    id: z.string(),
    clientId: z.uuid(),
    name: z.string(),
    prefix: z.string(),
    createdAt: z.iso.datetime(),
    expiresAt: z.iso.datetime().nullable(),
    revokedAt: z.iso.datetime().nullable(),
  })
  .openapi('ApiKey');

export const createdApiKeySchema = apiKeySchema.extend({ key: z.string() }).openapi('CreatedApiKey');
