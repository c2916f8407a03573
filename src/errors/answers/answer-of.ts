import { STATUS_CODES } from 'node:http';
import { isAppError } from '../is-app-error.js';
import { read } from '../read.js';
import { allowedHeaders } from './allowed-headers.js';
import { answer, type Answer } from './answer.js';
import { answerOfHttpError } from './http-error.js';
import { answerOfPostgresError } from './postgres-error.js';
import { answerOfTokenError } from './token-error.js';
import { answerOfUpstreamError } from './upstream-error.js';
import { answerOfZodError } from './zod-error.js';

const SERVER_ERROR_TEXTS: Readonly<Record<number, string>> = Object.freeze({
  502: 'Bad gateway',
  503: 'Service unavailable',
  504: 'Gateway timeout',
});

/** What the client is told: by the shape of the error, as its class may come from another copy of a library. */
export function answerOf(error: unknown): Answer {
  const found =
    answerOfAppError(error) ??
    answerOfPostgresError(error) ??
    answerOfZodError(error) ??
    answerOfTokenError(error) ??
    answerOfUpstreamError(error) ??
    answerOfHttpError(error);
  if (found === undefined) return answer(500, serverErrorText(500), {}, false);
  const isShown =
    found.statusCode < 500 || (found.isOperational && isAppError(error) && read(error, 'expose') === true);
  return isShown ? found : { ...found, message: serverErrorText(found.statusCode) };
}

function answerOfAppError(error: unknown): Answer | undefined {
  if (!isAppError(error)) return undefined;
  const { statusCode, isOperational, code } = error;
  const message = isOperational ? error.message : (STATUS_CODES[statusCode] ?? 'Error');
  return answer(statusCode, message, allowedHeaders(error), isOperational, code);
}

/** Constant, so that no detail of the inside can leave by the text of a 5xx. */
function serverErrorText(statusCode: number): string {
  return SERVER_ERROR_TEXTS[statusCode] ?? 'Internal server error';
}
