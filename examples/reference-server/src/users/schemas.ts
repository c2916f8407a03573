import { z } from '../zod.js';

export const userSchema = z
  .object({ id: z.string(), email: z.email(), name: z.string(), createdAt: z.iso.datetime() })
  .openapi('User');
