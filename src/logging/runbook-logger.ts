import type { pino } from 'pino';
import type { LogFields } from '../core/logger.js';

/** Both call orders: fields first, as pino has it, or the message first, as winston has it. */
export interface LogCallOrders {
  (fields: object | null | undefined, message?: string, ...values: unknown[]): void;
  (message: string, ...fieldsOrValues: unknown[]): void;
}

/** A pino logger, so whatever takes one takes it, that also says request lines, follows log rotation and can be closed. */
export type RunbookLogger = Record<'fatal' | 'error' | 'warn' | 'info' | 'http' | 'debug' | 'trace', LogCallOrders> & {
  /** A logger that adds `bindings` to each of its lines; redacted like every field. */
  child(bindings: object, options?: pino.ChildLoggerOptions): RunbookLogger;
  /**
   * Writes a request line: a channel of its own, to standard output, `app.log` and `access.log`, at every level but
   * `silent`. It takes its ids from `fields` alone, never from the current context.
   */
  access(fields: LogFields, message: string): void;
  /** Opens the files again after log rotation moved them away (on SIGHUP). Never throws; a failure is logged. */
  reopen(): void;
  /** Resolves when every line is with the system; lines after it are dropped and counted. Safe to call twice. */
  close(): Promise<void>;
  /** Lines that no destination took, since the start: a full disk, a reader that left, a logger that was closed. */
  droppedLines(): number;
} & pino.Logger;
