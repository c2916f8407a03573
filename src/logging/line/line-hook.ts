import type { pino } from 'pino';
import type { ContextFields, GetContext } from '../../core/context.js';
import type { Rules } from '../redaction/rules.js';
import { Walk } from '../redaction/walk.js';
import { readCall } from './call.js';
import type { LineEnd } from './line-end.js';
import { SEVERITIES } from './levels.js';
import { lineRecord, type Bound, type Fields } from './record.js';
import type { Shape } from './shaped.js';

export type LogMethod = NonNullable<NonNullable<pino.LoggerOptions['hooks']>['logMethod']>;

export interface LineHookSettings {
  readonly rules: Rules;
  readonly context: GetContext | undefined;
  readonly boundOf: (logger: object) => Bound;
  /** Whether the level stands in the line in upper case, as `severity`. */
  readonly hasSeverity: boolean;
  /** Makes the line of the record where the two differ. */
  readonly shape: Shape | undefined;
  /** Where the line's writer finds what follows the record. */
  readonly end: LineEnd;
  /** Asked first: what it makes of a call is the record. */
  readonly shortcut?: (args: readonly unknown[]) => Fields | undefined;
}

/**
 * Stands between every `log.…()` and pino: whatever was said becomes one record of our schema. A logger must never be the
 * reason why a request fails, so nothing is thrown from here; what cannot be logged leaves a line that says so.
 */
export function lineHook(settings: LineHookSettings): LogMethod {
  const { rules, context, boundOf, hasSeverity, shape, shortcut } = settings;
  const shaped = shape ?? unchanged;

  return function logMethod(args, write, level) {
    // pino's own method takes one object here: the message is among its fields, where it has its place in the order.
    const put: (this: pino.Logger, record: Fields) => void = write;
    const severity = hasSeverity ? (SEVERITIES[level] ?? 'INFO') : undefined;
    // A getter, or who listens to pino, may log while this line is made.
    const outer = settings.end.text;
    settings.end.text = '';
    try {
      const short = shortcut?.(args);
      if (short !== undefined) {
        put.call(this, shaped(short));
        return;
      }
      const copier = new Walk(rules);
      const bound = boundOf(this);
      const known = bound.context ?? current(context);
      const end = shape === undefined && !hasFormatter(this) ? settings.end : undefined;
      put.call(this, shaped(lineRecord(copier, bound, known, readCall(args, copier), severity, end)));
    } catch (error) {
      settings.end.text = '';
      putFallback(() => put.call(this, shaped({ msg: 'A line could not be logged', severity })), error);
    } finally {
      settings.end.text = outer;
    }
  };
}

const FORMATTERS = Symbol.for('pino.formatters');

/** One that a child logger brought along wants to see every field. */
function hasFormatter(logger: object): boolean {
  return (logger as { [FORMATTERS]?: { log?: unknown } })[FORMATTERS]?.log !== undefined;
}

function unchanged(record: Fields): Fields {
  return record;
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
