import { pino } from 'pino';

/** pino's levels and `http` between debug and info, as winston has it. */
export const HTTP_LEVEL = 25;

/** From the quietest setting to the loudest; `silent` writes nothing at all. */
export const LOG_LEVELS = ['silent', 'fatal', 'error', 'warn', 'info', 'http', 'debug', 'trace'] as const;

/** @useDeclaredType */
export type LogLevel = (typeof LOG_LEVELS)[number];

/** Levels that a line can have. */
export type LineLevel = Exclude<LogLevel, 'silent'>;

/** The level of a line in upper case, by its number. */
export const SEVERITIES: Readonly<Record<number, string>> = Object.freeze({
  [HTTP_LEVEL]: 'HTTP',
  ...Object.fromEntries(Object.entries(pino.levels.labels).map(([level, label]) => [level, label.toUpperCase()])),
});
