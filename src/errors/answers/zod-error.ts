import { readList, readText } from '../read.js';
import { answer, type Answer } from './answer.js';

const NAMES = new Set(['ZodError', '$ZodError']);
const MAX_ISSUES = 5;
const MAX_LENGTH = 500;
// C0, DEL, C1 and the two line separators of Unicode: keys of the client's body are quoted, and the text stays one line.
const LINE_BREAKERS = /[\p{Cc}\u2028\u2029]+/gu;

/** A schema that refused the request: `name: Required; count: Expected number`. */
export function answerOfZodError(error: unknown): Answer | undefined {
  const issues = readList(error, 'issues', MAX_ISSUES);
  if (issues.length === 0 || !NAMES.has(readText(error, 'name') ?? '')) return undefined;
  const text = issues.map(issueText).join('; ').replace(LINE_BREAKERS, ' ');
  return answer(400, text.slice(0, MAX_LENGTH));
}

function issueText(issue: unknown): string {
  const path = readList(issue, 'path', 10).filter(isKey).map(String).join('.');
  const message = readText(issue, 'message') ?? 'Invalid value';
  return path === '' ? message : `${path}: ${message}`;
}

function isKey(value: unknown): value is PropertyKey {
  return ['string', 'number', 'symbol'].includes(typeof value);
}
