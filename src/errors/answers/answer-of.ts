import { STATUS_CODES } from 'node:http';
import { isAppError } from '../is-app-error.js';
import { allowedHeaders } from './allowed-headers.js';
import { answer, type Answer } from './answer.js';
import { answerOfHttpError } from './http-error.js';
import { answerOfPostgresError } from './postgres-error.js';
import { answerOfZodError } from './zod-error.js';

/** What the client is told: by the shape of the error, as its class may come from another copy of a library. */
export function answerOf(error: unknown): Answer {
  const found =
    answerOfAppError(error) ?? answerOfPostgresError(error) ?? answerOfZodError(error) ?? answerOfHttpError(error);
  if (found === undefined) return answer(500, serverErrorText(500), {}, false);
  return found.statusCode < 500 ? found : { ...found, message: serverErrorText(found.statusCode) };
}

function answerOfAppError(error: unknown): Answer | undefined {
  if (!isAppError(error)) return undefined;
  const { statusCode, isOperational } = error;
  const message = isOperational ? error.message : (STATUS_CODES[statusCode] ?? 'Error');
  return answer(statusCode, message, allowedHeaders(error), isOperational);
}

/** Constant, so that no detail of the inside can leave by the text of a 5xx. */
function serverErrorText(statusCode: number): string {
  return statusCode === 503 ? 'Service unavailable' : 'Internal server error';
}
