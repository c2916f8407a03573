import { inspect } from 'node:util';
import { TIMED_OUT, withDeadline } from '../core/deadline.js';
import type { LogFields, Logger } from '../core/logger.js';

/**
 * The same logger, except that it never throws: a shutdown must not stop half way because a line could not be written.
 * A line that fails is tried again with its error as plain text (pino throws on frozen errors, and on those whose getters
 * throw), then goes to standard error.
 */
export function safeLogger(logger: Logger): Logger {
  const safely =
    (level: keyof Logger) =>
    (fields: LogFields, message: string): void => {
      try {
        logger[level](fields, message);
      } catch {
        try {
          logger[level]({ ...fields, ...('err' in fields && { err: { message: textOf(fields.err) } }) }, message);
        } catch (failure) {
          process.stderr.write(`${message} ${textOf(fields)}\nand the logger failed: ${textOf(failure)}\n`);
        }
      }
    };
  return {
    debug: safely('debug'),
    info: safely('info'),
    warn: safely('warn'),
    error: safely('error'),
    fatal: safely('fatal'),
  };
}

/** Anything can be thrown; this makes of it what every logger can write: an error as it is, anything else as its text. */
export function loggableError(thrown: unknown): unknown {
  try {
    if (thrown instanceof Error) return thrown;
  } catch {
    // A proxy that refuses even this question; its text says what can be said.
  }
  return { type: thrown === null ? 'null' : typeof thrown, message: textOf(thrown) };
}

/** Whether the log was flushed in time. Standard error hears of it when not: the log is what failed. */
export async function flushed(flush: (() => Promise<void>) | undefined, timeoutMs: number): Promise<boolean> {
  if (flush === undefined) return true;
  const complain = (error: unknown): void => {
    process.stderr.write(`The log could not be flushed: ${textOf(error)}\n`);
  };
  try {
    const result = await withDeadline(Promise.resolve().then(flush), timeoutMs, complain);
    if (result === TIMED_OUT) complain(`no answer within ${timeoutMs} ms`);
    return result !== TIMED_OUT;
  } catch (error) {
    complain(error);
    return false;
  }
}

function textOf(value: unknown): string {
  try {
    return typeof value === 'string' ? value : inspect(value, { depth: 4 });
  } catch {
    return 'something that cannot be shown';
  }
}
