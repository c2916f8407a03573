import { z } from '../zod.js';
import { isUploadName } from './upload-names.js';

export const uploadNameSchema = z.object({ name: z.string().refine(isUploadName, 'must be the name of an upload') });

export const uploadSchema = z
  .object({ name: z.string(), bytes: z.int(), createdAt: z.iso.datetime() })
  .openapi('Upload');
