export type LogFields = Record<string, unknown>;

/** Where pieces report. A pino logger fits, and so does anything with these five methods that takes fields first. */
export interface Logger {
  debug(fields: LogFields, message: string): void;
  info(fields: LogFields, message: string): void;
  warn(fields: LogFields, message: string): void;
  error(fields: LogFields, message: string): void;
  fatal(fields: LogFields, message: string): void;
}

const nothing = (): void => undefined;

/** For pieces that were given no logger. */
export const SILENT_LOGGER: Logger = Object.freeze({
  debug: nothing,
  info: nothing,
  warn: nothing,
  error: nothing,
  fatal: nothing,
});
