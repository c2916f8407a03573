/** What a caller asked for, as far as observing needs to know. */
export interface AskedQuery {
  readonly text: string;
  /** Given by the program: `queryName`, or `name`, which also prepares the statement. */
  readonly name: string | undefined;
  /** Prepared on the server under this text; another text for the name would be refused by pg. */
  readonly isPrepared: boolean;
}

/** Reads the first argument of pg's `query`; nothing when it brings its own reader (cursor, stream, `pg.Query`). */
export function askedQuery(config: unknown): AskedQuery | undefined {
  if (typeof config === 'string') return { text: config, name: undefined, isPrepared: false };
  if (typeof config !== 'object' || config === null || 'submit' in config) return undefined;
  const { text, name, queryName } = config as { text?: unknown; name?: unknown; queryName?: unknown };
  // pg knows the text of a name that was prepared before.
  if (typeof text !== 'string' && typeof name !== 'string') return undefined;
  return {
    text: typeof text === 'string' ? text : '',
    name: textOf(queryName) ?? textOf(name),
    isPrepared: textOf(name) !== undefined,
  };
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
