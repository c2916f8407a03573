import { LEVEL_NUMBERS } from './levels.js';
import { longestPlainRun, literal } from './literal.js';
import type { LogLine } from './log-line.js';
import type { StatusRange } from './status-option.js';

export interface LineFilter {
  readonly accepts: (line: LogLine) => boolean;
  /** Found in the bytes of every line that is accepted, so that the others need not be parsed. */
  readonly hint?: RegExp | undefined;
}

/** What a question may ask of lines; a line must be accepted by all that are said. */
export interface LineQuestion {
  readonly level?: readonly string[];
  readonly since?: string;
  readonly until?: string;
  readonly request?: string;
  readonly correlation?: string;
  readonly user?: string;
  readonly client?: string;
  readonly status?: readonly StatusRange[];
  readonly url?: string;
  readonly longerThan?: number;
  readonly message?: readonly string[];
  readonly grep?: readonly string[];
  readonly ignoreCase?: true;
}

/** Those that rule out the most lines first: the first hint is the one that is looked for. */
export function filtersOf(question: LineQuestion): LineFilter[] {
  const { request, correlation, user, client, url, message = [], grep = [], since, until, longerThan } = question;
  const filters: LineFilter[] = [];
  if (request !== undefined) filters.push(equal(request, (line) => line.requestId));
  if (correlation !== undefined) filters.push(equal(correlation, (line) => line.correlationId));
  if (user !== undefined) filters.push(equal(user, (line) => line.userId));
  if (client !== undefined) filters.push(equal(client, (line) => line.clientId));
  if (message.length > 0) filters.push(said(message));
  if (grep.length > 0) filters.push(written(grep, question.ignoreCase === true));
  if (question.status !== undefined) filters.push(answeredWith(question.status));
  if (longerThan !== undefined) filters.push(longer(longerThan));
  if (question.level !== undefined) filters.push(ofLevel(question.level));
  if (url !== undefined) filters.push({ accepts: (line) => line.url?.startsWith(url) === true, hint: hintOf([url]) });
  if (since !== undefined) filters.push({ accepts: ({ timestamp }) => timestamp !== '' && timestamp >= since });
  if (until !== undefined) filters.push({ accepts: ({ timestamp }) => timestamp !== '' && timestamp < until });
  return filters;
}

/** All lines that one request, or all requests of one correlation id, left behind. */
export function aboutId(id: string): LineFilter {
  const accepts = (line: LogLine): boolean => line.requestId === id || line.correlationId === id;
  return { accepts, hint: hintOf([id]) };
}

/** Lines whose message has one of these texts in it. */
export function said(texts: readonly string[]): LineFilter {
  return { accepts: ({ message }) => texts.some((text) => message.includes(text)), hint: hintOf(texts) };
}

export function ofLevel(levels: readonly string[]): LineFilter {
  const forms = levels.flatMap((level) => [`"${level}"`, `"level": ?${String(LEVEL_NUMBERS.get(level))}`]);
  return { accepts: ({ level }) => levels.includes(level), hint: new RegExp(forms.join('|'), 'i') };
}

function equal(wanted: string, valueOf: (line: LogLine) => string | undefined): LineFilter {
  return { accepts: (line) => valueOf(line) === wanted, hint: hintOf([wanted]) };
}

function written(texts: readonly string[], ignoresCase: boolean): LineFilter {
  const pattern = new RegExp(texts.map(literal).join('|'), ignoresCase ? 'i' : '');
  // Beyond ASCII the bytes are not the characters.
  const isAscii = texts.every((text) => /^[ -~]*$/.test(text));
  return { accepts: ({ text }) => pattern.test(text), hint: isAscii ? pattern : undefined };
}

function answeredWith(ranges: readonly StatusRange[]): LineFilter {
  const digits = new Set(ranges.flatMap(({ from, to }) => firstDigits(from, to)));
  return {
    accepts: ({ statusCode }) =>
      statusCode !== undefined && ranges.some(({ from, to }) => statusCode >= from && statusCode <= to),
    hint: new RegExp(`"status(?:Code|_code)": ?[${[...digits].join('')}]`),
  };
}

function firstDigits(from: number, to: number): string[] {
  const all: string[] = [];
  for (let digit = Math.floor(from / 100); digit <= Math.floor(to / 100); digit++) all.push(String(digit));
  return all;
}

function longer(limitMs: number): LineFilter {
  const digits = String(limitMs).length;
  return {
    accepts: ({ duration }) => duration !== undefined && duration > limitMs,
    // As many digits before the point at least; or a number with an exponent, of any length.
    hint: new RegExp(`"(?:duration|latency_ms)": ?(?:\\d{${digits}}|[\\d.]+e)`, 'i'),
  };
}

/** Nothing when one of the texts may be written with escapes only. */
function hintOf(texts: readonly string[]): RegExp | undefined {
  const runs = texts.map(longestPlainRun);
  return runs.includes('') ? undefined : new RegExp(runs.map(literal).join('|'));
}
