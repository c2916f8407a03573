import type { LogFields, Logger } from '../index.js';
import type { Terminal } from './terminal.js';
import { visible } from './visible.js';

/** A logger whose lines go to a person: to standard error, in plain words. */
export function peopleLogger(terminal: Terminal): Logger {
  const write = (fields: LogFields, message: string): void => {
    const details = Object.entries(fields).map(
      ([name, value]) => `${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`,
    );
    terminal.complain(`${visible([message, ...details].join(' '))}\n`);
  };
  return { debug: () => undefined, info: write, warn: write, error: write, fatal: write };
}
