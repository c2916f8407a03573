import type { pino } from 'pino';
import type { LogFields } from '../core/logger.js';
import type { LevelChangeOptions } from './loggers/level-control.js';
import type { LineLevel } from './line/levels.js';

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
  /**
   * Writes what must be known for years: who did what. A channel of its own, to standard output and `audit.jsonl`, at every
   * level, `silent` included; told apart by `channel: "audit"`. Redacted like every line.
   */
  audit: LogCallOrders;
  /**
   * Hides these values from now on, in this logger's lines and its children's, wherever they stand: as they are, escaped for
   * JSON, encoded for URLs, in base64 and hex. Values of less than 6 characters and plain words of less than 16 are not taken:
   * they would be hidden in every other line. `createOps` registers the secrets of the configuration.
   */
  registerSecrets(values: readonly string[]): void;
  /**
   * Changes the level of this logger and of every child that has none of its own, for good or for a time. Leaves an audit
   * line, as `logger.level = …` does. Throws `ConfigError` for `silent`: a service is not made mute while it runs.
   */
  setLevel(level: LineLevel, options?: LevelChangeOptions): void;
  /** Opens the files again after log rotation moved them away (on SIGHUP). Never throws; a failure is logged. */
  reopen(): void;
  /** Resolves when every line is with the system; lines after it are dropped and counted. Safe to call twice. */
  close(): Promise<void>;
  /** Lines that no destination took, since the start: a full disk, a reader that left, a logger that was closed. */
  droppedLines(): number;
  /** Lines said since the start, by level; request and audit lines included. */
  lineCounts(): Readonly<Record<LineLevel, number>>;
  /**
   * Calls `listener` with each line from now on, request and audit lines included, as the files have it: JSON, redacted, with
   * its line feed; and with the number of its level. Returns what ends it. It is called while the line is written, so it must be quick.
   */
  tail(listener: (line: string, level: number) => void): () => void;
} & pino.Logger;
