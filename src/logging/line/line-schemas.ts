/** How a line looks, as data: what differs from our own record of the event, which is the same for all of them. */
export interface LineSchema {
  readonly levelCase: 'lower' | 'upper';
  /** Whether the level stands in upper case too, as `severity`, for `grep ERROR`. */
  readonly hasSeverity: boolean;
  readonly messageKey: 'msg' | 'message';
  /** Level of request lines. */
  readonly requestLevel: 'info' | 'http';
  /** Whether an error's stack is a field of the line. */
  readonly hasStack: boolean;
  /** Holds every field but level, timestamp and message; absent when lines are flat. */
  readonly context?: ContextSchema;
}

interface ContextSchema {
  readonly key: string;
  /** Names that differ by more than `camelCase` against `snake_case`. */
  readonly names: Readonly<Record<string, string>>;
  /** Field that tells method and route template, `POST /clients/:clientId`, instead of two. */
  readonly endpointKey: string;
  /** Are `null` rather than missing, so that every line has them. */
  readonly always: readonly string[];
}

export const LINE_SCHEMA_NAMES = ['flat', 'nested', 'winston'] as const;

/** @useDeclaredType */
export type LineSchemaName = (typeof LINE_SCHEMA_NAMES)[number];

export const LINE_SCHEMAS: Readonly<Record<LineSchemaName, LineSchema>> = Object.freeze({
  flat: { levelCase: 'lower', hasSeverity: true, messageKey: 'msg', requestLevel: 'info', hasStack: false },
  nested: {
    levelCase: 'upper',
    hasSeverity: false,
    messageKey: 'message',
    requestLevel: 'info',
    hasStack: false,
    context: {
      key: 'context',
      names: { duration: 'latency_ms' },
      endpointKey: 'endpoint',
      always: ['request_id', 'client_id'],
    },
  },
  winston: { levelCase: 'lower', hasSeverity: false, messageKey: 'message', requestLevel: 'http', hasStack: true },
});
