import type { ServerResponse } from 'node:http';

/** A status code with its body, ready to be sent any number of times. */
export interface Answer {
  readonly statusCode: number;
  readonly body: Buffer;
}

export function answerOf(statusCode: number, body: object): Answer {
  return { statusCode, body: Buffer.from(`${JSON.stringify(body)}\n`) };
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
  return { statusCode, body: Buffer.from(`${json}${' '.repeat(blanks)}\n`) };
}

/** Without Express' `send`, which would add an ETag and turn a probe's answer into 304. Node leaves the body out for HEAD. */
export function sendAnswer(res: ServerResponse, answer: Answer): void {
  if (res.headersSent) return;
  res.statusCode = answer.statusCode;
  res.setHeader('Cache-Control', 'no-store');
  res.setHeader('Content-Type', 'application/json; charset=utf-8');
  res.setHeader('Content-Length', answer.body.length);
  res.end(answer.body);
}

/** RFC 9110, 15.5.6: the answer must say which methods there are. */
export function refuseMethod(res: ServerResponse): void {
  res.statusCode = 405;
  res.setHeader('Allow', 'GET, HEAD');
  res.setHeader('Cache-Control', 'no-store');
  res.setHeader('Content-Length', 0);
  res.end();
}
