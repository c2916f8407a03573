import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLogger, type LoggerOptions, type RunbookLogger } from 'express-runbook';

// eslint-disable-next-line @typescript-eslint/no-explicit-any -- as JSON.parse has it: each test says what it expects
export type Line = Record<string, any>;

interface Recorded {
  readonly logger: RunbookLogger;
  /** What was written to standard output so far, as it is. */
  readonly text: () => string;
  readonly lines: () => Line[];
}

/** A real logger whose standard output the test can read. */
export function recorded(options?: LoggerOptions): Recorded {
  const written: string[] = [];
  const stdout = {
    write(line: string) {
      written.push(line);
    },
  };
  const text = (): string => written.join('');
  return { logger: createLogger({ level: 'trace', stdout, ...options }), text, lines: () => parsed(text()) };
}

/** Each line by itself, so that one that is no JSON fails the test. */
export function parsed(text: string): Line[] {
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Line);
}

export function newFolder(): string {
  return mkdtempSync(join(tmpdir(), 'logging-'));
}

export function fileLines(dir: string, name: string): Line[] {
  return parsed(readFileSync(join(dir, name), 'utf8'));
}

/** Top-level keys as they stand in the text: JSON.parse would hide one that comes twice. */
export function keysAsWritten(line: string): string[] {
  const keys: string[] = [];
  let depth = 0;
  for (const [token] of line.matchAll(/"(?:[^"\\]|\\.)*"\s*:?|[{}[\]]/g)) {
    if (token === '{' || token === '[') depth++;
    else if (token === '}' || token === ']') depth--;
    else if (depth === 1 && token.endsWith(':')) keys.push(JSON.parse(token.slice(0, -1)) as string);
  }
  return keys;
}
