import { z } from '../zod.js';

export const loginSchema = z
  .object({ email: z.email().max(254), password: z.string().min(1).max(200) })
  .openapi('Login', { example: { email: 'test@example.com', password: 'test123' } });

export const refreshSchema = z.object({ refreshToken: z.string().min(1).max(8192) }).openapi('Refresh');

export const callbackSchema = z.object({ code: z.string().min(1).max(2048), state: z.string().min(1).max(256) });

export const tokensSchema = z
  .object({
    success: z.literal(true),
    token: z.string(),
    accessToken: z.string(),
    refreshToken: z.string(),
    expiresIn: z.int(),
  })
  .openapi('Tokens');
