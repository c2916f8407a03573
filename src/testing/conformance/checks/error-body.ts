import type { Answer } from '../exchange.js';

/** What is wrong with the body of an error: neither of the two envelopes, or more than a client is to know (ERR-09, ERR-10). */
export function errorBodyProblem(answer: Answer): string | undefined {
  return leak(answer.body) ?? envelopeProblem(answer);
}

function leak(body: string): string | undefined {
  if (/\n\s+at .*:\d+:\d+|&nbsp;at /.test(body)) return 'shows a stack';
  if (/node_modules|file:\/\/\/|\/(?:src|dist)\/[\w/.-]+\.[cm]?[jt]s/.test(body)) return 'shows paths of the program';
  return undefined;
}

function envelopeProblem({ status, header, body }: Answer): string | undefined {
  const type = header('content-type');
  if (!type.includes('json')) return `is ${type === '' ? 'of no type' : type}, not JSON`;
  const told = parsed(body);
  // RFC 9457 has the status beside the title; the runbooks' envelope as error.code.
  const code = type.includes('problem+json') ? told?.status : fieldsOf(told?.error)?.code;
  const text = type.includes('problem+json') ? told?.title : fieldsOf(told?.error)?.message;
  if (code !== status)
    return `tells ${code === undefined ? 'no code' : JSON.stringify(code)} where the status is ${status}`;
  return typeof text === 'string' && text !== '' ? undefined : 'says nothing in words';
}

function parsed(body: string): Readonly<Record<string, unknown>> | undefined {
  try {
    return fieldsOf(JSON.parse(body));
  } catch {
    return undefined;
  }
}

function fieldsOf(value: unknown): Readonly<Record<string, unknown>> | undefined {
  // An object has fields of any type.
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
}
