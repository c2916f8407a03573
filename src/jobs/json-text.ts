import { JobError } from './job-error.js';

/**
 * A NUL, or half of a surrogate pair, as JSON writes it: jsonb refuses both (SQLSTATE 22P05 and 22P02,
 * https://www.postgresql.org/docs/current/datatype-json.html). An even number of backslashes before it is text.
 */
const NOT_FOR_JSONB = /(?<!\\)(?:\\\\)*\\u(?:0000|d[89a-f][0-9a-f]{2})/;

/** The payload as a database keeps it. Throws `JobError` for what is no JSON, what jsonb refuses and what is too large. */
export function payloadText(payload: unknown, type: string, maxBytes: number): string {
  const text = jsonText(payload, (problem, cause) => {
    return new JobError('ERR_JOB_PAYLOAD', `the payload of a job ${type} ${problem}`, { cause });
  });
  const bytes = Buffer.byteLength(text);
  if (bytes <= maxBytes) return text;
  throw new JobError(
    'ERR_JOB_PAYLOAD_TOO_LARGE',
    `the payload of a job ${type} has ${String(bytes)} bytes of JSON, at most ${String(maxBytes)} are kept: keep it elsewhere, and its id here`,
  );
}

/** What a handler returned, in the same way; `null` for nothing. */
export function resultText(result: unknown, type: string, maxBytes: number): string {
  const refusal = (problem: string, cause?: unknown): JobError =>
    new JobError('ERR_JOB_RESULT', `what a job ${type} returned ${problem}`, { cause });
  const text = jsonText(result ?? null, refusal);
  if (Buffer.byteLength(text) <= maxBytes) return text;
  throw refusal(`has more than ${String(maxBytes)} bytes of JSON: keep it elsewhere, and its id here`);
}

function jsonText(value: unknown, refusal: (problem: string, cause?: unknown) => JobError): string {
  const text = written(value, refusal);
  if (NOT_FOR_JSONB.test(text)) throw refusal('holds a NUL or half of a character, which PostgreSQL does not keep');
  return text;
}

function written(value: unknown, refusal: (problem: string, cause?: unknown) => JobError): string {
  let text: unknown;
  try {
    text = JSON.stringify(value);
  } catch (error) {
    throw refusal('cannot be written as JSON', error);
  }
  // undefined for a function or undefined, whatever the types say.
  if (typeof text !== 'string') throw refusal('cannot be written as JSON');
  return text;
}
