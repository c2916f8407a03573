import { STATUS_CODES } from 'node:http';
import { envelopeWith } from '../core/error-envelope.js';
import type { Answer } from './answers/index.js';
import type { ErrorType } from './options.js';

/** The text of an error's body and its media type. */
export interface ErrorBody {
  readonly contentType: string;
  readonly text: string;
}

export function errorBody(type: ErrorType, answer: Answer, requestId: string | undefined): ErrorBody {
  const { statusCode, message } = answer;
  return type === 'problem'
    ? { contentType: 'application/problem+json; charset=utf-8', text: JSON.stringify(problem(answer, requestId)) }
    : {
        contentType: 'application/json; charset=utf-8',
        text: JSON.stringify(envelopeWith(requestId, statusCode, message)),
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
