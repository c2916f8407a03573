import { STATUS_CODES } from 'node:http';
import { envelopeWith } from '../core/error-envelope.js';
import type { Answer } from './answers/index.js';
import type { ErrorType } from './options.js';

/** The text of an error's body and its media type. */
export interface ErrorBody {
  /** All that belong to the answer, but for its length. */
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
}

export function errorBody(type: ErrorType, answer: Answer, requestId: string | undefined): ErrorBody {
  const { statusCode, message, headers } = answer;
  const [media, body] =
    type === 'problem'
      ? ['application/problem+json', problem(answer, requestId)]
      : ['application/json', envelopeWith(requestId, statusCode, message)];
  return {
    // No cache may keep it, whatever its good answer allows: 404 is cacheable by default (RFC 9110 §15.1).
    headers: { ...headers, 'Content-Type': `${media}; charset=utf-8`, 'Cache-Control': 'no-store' },
    text: JSON.stringify(body),
  };
}

/**
 * https://www.rfc-editor.org/rfc/rfc9457#section-3.1: `about:blank` says that the problem is the status and nothing more;
 * its title is then the status' own, and the detail is what the envelope calls message.
 */
function problem({ statusCode, message, code }: Answer, requestId: string | undefined): object {
  return {
    type: 'about:blank',
    title: STATUS_CODES[statusCode] ?? 'Error',
    status: statusCode,
    detail: message,
    code,
    requestId,
  };
}
