import { SQL_TOKEN } from './sql-token.js';

/** What a statement does, as far as a metric label tells: a closed list. */
export type Operation = 'select' | 'insert' | 'update' | 'delete' | 'other';

const OPERATIONS: readonly Operation[] = ['select', 'insert', 'update', 'delete', 'other'];

const MAX_READ_CHARACTERS = 10_000;
const MAX_SHOWN_CHARACTERS = 1000;

// Blanks, brackets and comments, then the first word.
const FIRST_WORD = /^(?:[\s(]|--[^\n]*(?:\n|$)|\/\*(?:[^*]|\*(?!\/))*\*\/)*([a-z]+)/i;

/** By the first word; a statement that begins with `WITH` is `other`, because its verb may stand anywhere. */
export function operationOf(text: string): Operation {
  const word = FIRST_WORD.exec(text)?.[1]?.toLowerCase();
  return OPERATIONS.find((operation) => operation === word) ?? 'other';
}

// A list as long as its caller's data, and rows as many: one shape, so that one text is one text.
const IN_LIST = /\b(in|values) ?\((?:(?:\?|\$\d+|default)(?:, ?|(?=\))))+\)/gi;
const MORE_ROWS = /(\bvalues \(\u2026\))(?:, ?\((?:(?:\?|\$\d+|default)(?:, ?|(?=\))))+\))+/gi;

/**
 * The text as a log line may show it: every literal is `?`, the values of a list are `…`, comments are gone, on one line,
 * of bounded length.
 */
export function withoutLiterals(text: string): string {
  const shown = text
    .slice(0, MAX_READ_CHARACTERS)
    .replace(SQL_TOKEN, placeholder)
    .replace(/\?(?:\s*\?)+/g, '?')
    .replace(/\s+/g, ' ')
    .replace(IN_LIST, '$1 (…)')
    .replace(MORE_ROWS, '$1')
    .trim();
  return shown.length > MAX_SHOWN_CHARACTERS ? `${shown.slice(0, MAX_SHOWN_CHARACTERS)}…` : shown;
}

function placeholder(token: string): string {
  if (token.startsWith('--') || token.startsWith('/*')) return ' ';
  if (token.startsWith('"') || /^\$\d/.test(token)) return token;
  return /^(?:['$\d]|e')/i.test(token) ? '?' : token;
}
