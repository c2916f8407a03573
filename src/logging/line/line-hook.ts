import type { pino } from 'pino';
import type { ContextFields, GetContext } from '../../core/context.js';
import type { Rules } from '../redaction/rules.js';
import { Walk } from '../redaction/walk.js';
import { readCall } from './call.js';
import { HTTP_LEVEL } from './levels.js';
import { lineRecord, type Bound, type Fields } from './record.js';

export type LogMethod = NonNullable<NonNullable<pino.LoggerOptions['hooks']>['logMethod']>;

export interface LineHookSettings {
  readonly rules: Rules;
  readonly context: GetContext | undefined;
  readonly boundOf: (logger: object) => Bound;
  /** The text of a level's number. */
  readonly labels: Readonly<Record<number, string>>;
  /** Asked first: what it makes of a call is the record. */
  readonly shortcut?: (args: readonly unknown[]) => Fields | undefined;
}

/**
 * Stands between every `log.…()` and pino: whatever was said becomes one record of our schema. A logger must never be the
 * reason why a request fails, so nothing is thrown from here; what cannot be logged leaves a line that says so.
 */
export function lineHook({ rules, context, boundOf, labels, shortcut }: LineHookSettings): LogMethod {
  return function logMethod(args, write, level) {
    const label = level === HTTP_LEVEL ? 'http' : (labels[level] ?? 'info');
    // pino's own method takes one object here: the message is among its fields, where it has its place in the order.
    const put: (this: pino.Logger, record: Fields) => void = write;
    try {
      const short = shortcut?.(args);
      if (short !== undefined) {
        put.call(this, short);
        return;
      }
      const copier = new Walk(rules);
      const bound = boundOf(this);
      const known = bound.context ?? current(context);
      put.call(this, lineRecord(copier, bound, known, readCall(args, copier), label));
    } catch (error) {
      putFallback(() => put.call(this, { msg: 'A line could not be logged', severity: label.toUpperCase() }), error);
    }
  };
}

/** A context that fails costs its line the ids, not the line. */
function current(context: GetContext | undefined): Readonly<ContextFields> | undefined {
  try {
    return context?.();
  } catch {
    return undefined;
  }
}

function putFallback(put: () => void, error: unknown): void {
  try {
    put();
  } catch {
    // Only options that a child logger brought along (formatters) still run in there.
    process.emitWarning(`a log line was lost: ${error instanceof Error ? error.message : 'unreadable error'}`);
  }
}
