import type { IncomingMessage } from 'node:http';
import { contextOf } from './context.js';

/** The body of every refusal, whoever answers it. */
export interface ErrorEnvelope {
  readonly success: false;
  readonly error: { readonly code: number; readonly message: string };
  readonly requestId?: string;
}

/** `requestId` is there when the request has a context. */
export function errorEnvelope(req: IncomingMessage, statusCode: number, message: string): ErrorEnvelope {
  return envelopeWith(contextOf(req)?.requestId, statusCode, message);
}

export function envelopeWith(requestId: string | undefined, statusCode: number, message: string): ErrorEnvelope {
  const envelope = { success: false, error: { code: statusCode, message } } as const;
  return requestId === undefined ? envelope : { ...envelope, requestId };
}
