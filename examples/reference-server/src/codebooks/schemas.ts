import { pageSchema } from '../pagination.js';
import { z } from '../zod.js';

const MAX_ITEMS = 1000;

export const codebookParams = z.object({ clientId: z.uuid(), codebookId: z.uuid() });

export const newCodebookSchema = z
  .strictObject({ name: z.string().trim().min(1).max(200) })
  .openapi('NewCodebook', { example: { name: 'Harbour bridge' } });

export const codebookSchema = z
  .object({ id: z.uuid(), clientId: z.uuid(), name: z.string(), createdAt: z.iso.datetime() })
  .openapi('Codebook');

export const newVersionSchema = z
  .strictObject({ notes: z.string().trim().max(20_000).default('') })
  .openapi('NewCodebookVersion');

export const activationSchema = z
  .strictObject({ version: z.int().min(1).max(1_000_000) })
  .openapi('CodebookActivation', { example: { version: 2 } });

export const versionSchema = z
  .object({ version: z.int(), isActive: z.boolean(), notes: z.string(), createdAt: z.iso.datetime() })
  .openapi('CodebookVersion');

export const newItemsSchema = z
  .strictObject({
    items: z
      .array(
        z.strictObject({
          label: z.string().trim().min(1).max(500),
          division: z
            .string()
            .regex(/^\d{2}$/, 'must be two digits')
            .optional(),
        }),
      )
      .min(1)
      .max(MAX_ITEMS),
  })
  .openapi('NewCodebookItems', { example: { items: [{ label: 'Anchor bolt', division: '05' }] } });

export const uploadedSchema = z.object({ uploaded: z.int() }).openapi('UploadedItems');

// By cursor alone: an offset reads and drops what it skips.
export const itemPageSchema = pageSchema.omit({ offset: true });

export const itemSchema = z
  .object({ id: z.string(), label: z.string(), division: z.string().nullable(), createdAt: z.iso.datetime() })
  .openapi('CodebookItem');

export type NewItem = z.output<typeof newItemsSchema>['items'][number];
export type ItemPage = z.output<typeof itemPageSchema>;
