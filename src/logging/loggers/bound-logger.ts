import type { pino } from 'pino';
import type { ContextFields } from '../../core/context.js';
import { fieldsOf, NOTHING_BOUND, type Bound, type Fields, type Serializers } from '../line/record.js';
import type { Rules } from '../redaction/rules.js';
import { Walk } from '../redaction/walk.js';

const BOUND = Symbol.for('express-runbook.bound.v0');

interface WithBound {
  [BOUND]?: Bound;
}

/** What this logger adds to its lines; a child finds its parent's through the prototype. */
export function boundOf(logger: object): Bound {
  return (logger as WithBound)[BOUND] ?? NOTHING_BOUND;
}

/** Whether the logger is one of ours, whose lines can be tied to a request without a child logger's cost. */
export function isBindable(logger: object): boolean {
  return (logger as WithBound)[BOUND] !== undefined;
}

/** The same logger for lines that carry what `bound` holds. */
export function withBound<Logger extends object>(logger: Logger, bound: Bound): Logger {
  // Object.create() is untyped; the prototype is a Logger.
  const own = Object.create(logger) as Logger & WithBound;
  own[BOUND] = bound;
  return own;
}

/** The same logger for one request: nothing is serialised until something is logged. */
export function forRequest<Logger extends object>(logger: Logger, context: Readonly<ContextFields>): Logger {
  return withBound(logger, { ...boundOf(logger), context });
}

type ChildOptions = pino.ChildLoggerOptions | undefined;
type Child = (bindings: object, options?: ChildOptions) => object;

/**
 * pino writes a child's bindings into the line as text, next to the line's own fields: the same key twice, without
 * redaction. Here they are kept as fields and join the line's, so that every key comes once.
 */
export function keepBindings(logger: pino.Logger, rules: Rules): void {
  const pinoChild: Child = (logger as { child: Child }).child;
  const pinoBindings = logger.bindings.bind(logger);
  (logger as WithBound)[BOUND] = NOTHING_BOUND;

  const own: Pick<pino.Logger, 'bindings' | 'setBindings'> & { child: Child } = {
    child(this: pino.Logger, bindings, options) {
      const { serializers, msgPrefix, ...rest } = options ?? {};
      // A child of pino's keeps the level that its parent has now; one that only adds fields follows its parent's.
      const parent = Object.keys(rest).length === 0 ? this : pinoChild.call(this, {}, rest);
      return withBound(parent, bound(rules, boundOf(this), bindings, serializers, msgPrefix));
    },
    bindings(this: pino.Logger) {
      return { ...pinoBindings(), ...boundOf(this).fields };
    },
    setBindings(this: pino.Logger & WithBound, bindings) {
      this[BOUND] = bound(rules, boundOf(this), bindings, undefined, undefined);
    },
  };
  Object.assign(logger, own);
}

function bound(
  rules: Rules,
  parent: Bound,
  bindings: object | undefined,
  serializers: Serializers | undefined,
  prefix: string | undefined,
): Bound {
  const known = { ...parent.serializers, ...serializers };
  const fields: Fields = bindings == null ? {} : fieldsOf(new Walk(rules), known, bindings);
  return {
    fields: { ...parent.fields, ...fields },
    serializers: known,
    prefix: parent.prefix + (prefix ?? ''),
    context: parent.context,
  };
}
