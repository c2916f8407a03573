/** pino's levels and `http` between debug and info, as winston has it. */
export const HTTP_LEVEL = 25;

/** From the quietest setting to the loudest; `silent` writes nothing at all. */
export const LOG_LEVELS = ['silent', 'fatal', 'error', 'warn', 'info', 'http', 'debug', 'trace'] as const;

export type LogLevel = (typeof LOG_LEVELS)[number];
