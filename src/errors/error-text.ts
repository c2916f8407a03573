import { read, readList, readText } from './read.js';

// Chains can be endless; the first errors of one tell what happened.
const MAX_ERRORS = 8;
const MAX_STACK_LENGTH = 16_384;

/** What a thrown value says, in words, whatever it is. Never its other properties: those hold bodies and credentials. */
export function errorText(thrown: unknown): string {
  if (typeof thrown === 'string') return thrown;
  if ((typeof thrown !== 'object' && typeof thrown !== 'function') || thrown === null)
    return `thrown: ${String(thrown)}`;
  const message = readText(thrown, 'message');
  if (message !== undefined && message !== '') return message;
  // An AggregateError of a refused connection has no message of its own: one error for each address that was tried.
  const parts = readList(thrown, 'errors', MAX_ERRORS).map((part) => readText(part, 'message') ?? '');
  const name = readText(thrown, 'name') ?? 'an object without a message';
  return parts.length === 0 ? name : `${name}: ${parts.join('; ')}`;
}

/** The stack with those of its causes and parts below it, each error once. */
export function stackText(thrown: unknown): string {
  const lines: string[] = [];
  collect(thrown, '', new Set(), lines);
  return lines.join('\n').slice(0, MAX_STACK_LENGTH);
}

function collect(thrown: unknown, prefix: string, seen: Set<unknown>, lines: string[]): void {
  if (seen.has(thrown) || seen.size >= MAX_ERRORS) return;
  seen.add(thrown);
  lines.push(prefix + (readText(thrown, 'stack') ?? `${errorText(thrown)} (no stack)`));
  const cause = read(thrown, 'cause');
  if (cause !== undefined) collect(cause, 'caused by: ', seen, lines);
  for (const part of readList(thrown, 'errors', MAX_ERRORS)) collect(part, 'one of: ', seen, lines);
}
