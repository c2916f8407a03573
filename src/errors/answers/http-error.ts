import { STATUS_CODES } from 'node:http';
import { isErrorStatus } from '../is-app-error.js';
import { read, readText } from '../read.js';
import { allowedHeaders } from './allowed-headers.js';
import { answer, type Answer } from './answer.js';

// body-parser's own words quote the body or the charset that was sent. Types: https://github.com/expressjs/body-parser#errors
const BODY_ERRORS: Readonly<Record<string, Answer>> = Object.freeze({
  'entity.parse.failed': answer(400, 'Malformed JSON'),
  // Whoever sends too much keeps sending: the connection cannot be used again.
  'entity.too.large': answer(413, 'Payload too large', { Connection: 'close' }),
  'charset.unsupported': answer(415, 'Unsupported charset'),
  'encoding.unsupported': answer(415, 'Unsupported content encoding'),
});

/** Errors of http-errors and of what is made with it (Express, its router, body-parser, send), when marked for the client. */
export function answerOfHttpError(error: unknown): Answer | undefined {
  const isExposed = read(error, 'expose') === true;
  const type = readText(error, 'type');
  if (isExposed && type !== undefined && Object.hasOwn(BODY_ERRORS, type)) return BODY_ERRORS[type];

  const statusCode = read(error, 'statusCode') ?? read(error, 'status');
  // Express marks a path parameter that cannot be decoded by the status alone and quotes it in the message; a URIError
  // without it is the program's own.
  if (statusCode === 400 && readText(error, 'name') === 'URIError') return answer(400, 'Malformed URL');
  if (!isErrorStatus(statusCode)) return undefined;
  const reason = STATUS_CODES[statusCode] ?? 'Error';
  // A system error tells full paths: that of `res.sendFile` for a missing file, or what `createError(404, error)` exposed.
  const isSystemError = readText(error, 'syscall') !== undefined;
  if (isSystemError && (isExposed || statusCode === 404)) return answer(statusCode, reason);
  if (!isExposed) return undefined;
  const message = readText(error, 'message') ?? '';
  return answer(statusCode, message === '' ? reason : message, allowedHeaders(error));
}
