import { STATUS_CODES, type IncomingMessage, type ServerResponse } from 'node:http';
import { contextOf } from '../core/context.js';
import type { Answer } from './answers/index.js';

// Said about the answer that was begun and is not given: with the error they would be wrong.
const STALE_HEADERS = [
  'Accept-Ranges',
  'Content-Disposition',
  'Content-Encoding',
  'Content-Language',
  'Content-Range',
  'ETag',
  'Last-Modified',
  'Trailer',
  'Transfer-Encoding',
];

export function sendEnvelope(req: IncomingMessage, res: ServerResponse, answer: Answer): void {
  const requestId = contextOf(req)?.requestId;
  const envelope = { success: false, error: { code: answer.statusCode, message: answer.message } };
  const body = JSON.stringify(requestId === undefined ? envelope : { ...envelope, requestId });

  for (const name of STALE_HEADERS) res.removeHeader(name);
  res.statusCode = answer.statusCode;
  res.statusMessage = STATUS_CODES[answer.statusCode] ?? '';
  for (const [name, value] of Object.entries(answer.headers)) res.setHeader(name, value);
  res.setHeader('Content-Type', 'application/json; charset=utf-8');
  res.setHeader('Content-Length', Buffer.byteLength(body));
  // Replaces what the handler may have allowed for its good answer; 404 is cacheable by default (RFC 9110 §15.1).
  res.setHeader('Cache-Control', 'no-store');
  res.end(req.method === 'HEAD' ? undefined : body);
}
