import type { ServerResponse } from 'node:http';

/** A status code with its body, ready to be sent any number of times. */
export interface Answer {
  readonly statusCode: number;
  readonly contentType: string;
  readonly body: Buffer;
}

/** The answers to one question: with details, and without. */
export interface Answers {
  of(hasDetails: boolean): Answer;
}

const JSON_TYPE = 'application/json; charset=utf-8';

export function answerOf(statusCode: number, body: object): Answer {
  return { statusCode, contentType: JSON_TYPE, body: Buffer.from(`${JSON.stringify(body)}\n`) };
}

export function textAnswerOf(statusCode: number, text: string): Answer {
  return { statusCode, contentType: 'text/plain; charset=utf-8', body: Buffer.from(text) };
}

// Many times what the numbers of a body change in length from one window to the next, so that they seldom cross a border.
const BLOCK_BYTES = 128;

/**
 * Filled up with blanks, which JSON ignores, to a whole number of blocks: `ab` counts every change of length as a failed
 * request, and latencies and percentages do change theirs.
 */
export function evenAnswerOf(statusCode: number, body: object): Answer {
  const json = JSON.stringify(body);
  const bytes = Buffer.byteLength(json) + 1;
  const blanks = Math.ceil(bytes / BLOCK_BYTES) * BLOCK_BYTES - bytes;
  return { statusCode, contentType: JSON_TYPE, body: Buffer.from(`${json}${' '.repeat(blanks)}\n`) };
}

/** Nothing in it is for some callers only. */
export function forEverybody(answer: Answer): Answers {
  return { of: () => answer };
}

/** Each of the two is made when it is first asked for, and once. */
export function byDetails(make: (hasDetails: boolean) => Answer): Answers {
  let full: Answer | undefined;
  let bare: Answer | undefined;
  return { of: (hasDetails) => (hasDetails ? (full ??= make(true)) : (bare ??= make(false))) };
}

/** Without Express' `send`, which would add an ETag and turn a probe's answer into 304. Node leaves the body out for HEAD. */
export function sendAnswer(res: ServerResponse, answer: Answer): void {
  if (res.headersSent) return;
  res.statusCode = answer.statusCode;
  res.setHeader('Cache-Control', 'no-store');
  res.setHeader('Content-Type', answer.contentType);
  res.setHeader('Content-Length', answer.body.length);
  res.end(answer.body);
}
