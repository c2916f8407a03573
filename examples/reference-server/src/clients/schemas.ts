import { z } from '../zod.js';

export const newClientSchema = z
  .strictObject({ name: z.string().trim().min(1).max(200) })
  .openapi('NewClient', { example: { name: 'Harbour Construction' } });

export const clientSchema = z.object({ id: z.uuid(), name: z.string(), createdAt: z.iso.datetime() }).openapi('Client');

export const clientParams = z.object({ clientId: z.uuid() });
