import { either, isBoolean, isInteger, isListOf, isOneOf, isText } from '../../core/checks.js';
import { ConfigError } from '../../core/config-error.js';
import { requireOption, resolveOptions, type OptionCheck, type Resolved } from '../../core/options.js';
import { PageError } from './page-error.js';

/** A column of the result, by its name there. */
export interface OrderColumn {
  column: string;
  /** @default 'asc' */
  direction?: 'asc' | 'desc';
}

export interface PageOptions {
  /**
   * The query for the whole list, without ORDER BY, LIMIT and semicolon, and with the columns of `orderBy` in its result. A
   * part of the program, never of a request.
   */
  text: string;
  /**
   * The parameters of `text`.
   * @default []
   */
  values?: readonly unknown[];
  /**
   * Columns that the list is ordered by: never null, and together unique, so end with the primary key. With an index on
   * them in this order every page costs the same.
   */
  orderBy: readonly (string | OrderColumn)[];
  /**
   * Rows on the page; may come from the request.
   * @default `maxLimit`
   */
  limit?: number;
  /**
   * What a client may ask for at most.
   * @default 100
   */
  maxLimit?: number;
  /** The `nextCursor` of the page before; may come from the request. Rows that come or go in between disturb nothing. */
  cursor?: string;
  /**
   * Rows to skip, instead of a cursor; may come from the request. The server reads and drops them, and rows that come or go in
   * between shift the pages.
   * @default 0
   */
  offset?: number;
  /**
   * Whether the whole list is counted, which reads all of it.
   * @default false
   */
  withTotal?: boolean;
}

export const PAGE_DEFAULTS = Object.freeze({
  values: Object.freeze([]),
  maxLimit: 100,
  offset: 0,
  withTotal: false,
});

export type PageSettings = Omit<Resolved<PageOptions, typeof PAGE_DEFAULTS>, 'orderBy' | 'limit'> & {
  readonly orderBy: readonly Required<OrderColumn>[];
  readonly limit: number;
};

const MAX_OFFSET = 2 ** 31 - 1;

export function resolvePageOptions(options: PageOptions): PageSettings {
  const settings = resolveOptions('findPage', options, PAGE_DEFAULTS, {
    text: isQueryText,
    values: isListOf(fromTheRequest),
    orderBy: isListOf(either(isText, isOrderColumn)),
    limit: fromTheRequest,
    maxLimit: isInteger(1),
    cursor: fromTheRequest,
    offset: fromTheRequest,
    withTotal: isBoolean,
  });
  requireOption('findPage', 'text', settings.text, 'the query for the whole list');
  // Against the types it may have been left out.
  const [first] = (settings.orderBy as PageOptions['orderBy'] | undefined) ?? [];
  requireOption('findPage', 'orderBy', first, 'the columns that the list is ordered by');
  const orderBy = settings.orderBy.map((one) => ({
    direction: 'asc' as const,
    ...(typeof one === 'string' ? { column: one } : one),
  }));
  const { maxLimit, limit = maxLimit, offset, cursor } = settings;
  refuseUnlessWhole('ERR_PAGE_LIMIT', 'limit', limit, 1, maxLimit);
  refuseUnlessWhole('ERR_PAGE_OFFSET', 'offset', offset, 0, MAX_OFFSET);
  if (cursor !== undefined && offset > 0)
    throw new PageError('ERR_PAGE_OFFSET', 'give a cursor or an offset, not both');
  return { ...settings, orderBy, limit };
}

const isQueryText: OptionCheck = (value) =>
  isText(value) ?? (/;\s*$/.test(String(value)) ? 'must be one query without a semicolon at its end' : undefined);

const isOrderColumn: OptionCheck = (value) => {
  const { column, direction, ...others } = (value ?? {}) as Record<string, unknown>;
  if (isText(column) !== undefined || Object.keys(others).length > 0) return 'must be { column, direction }';
  return direction === undefined ? undefined : isOneOf(['asc', 'desc'])(direction);
};

/** Not the program's mistake: a PageError, which is answered with 400. */
function fromTheRequest(): undefined {
  return undefined;
}

function refuseUnlessWhole(
  code: 'ERR_PAGE_LIMIT' | 'ERR_PAGE_OFFSET',
  name: string,
  value: unknown,
  min: number,
  max: number,
): void {
  if (Number.isSafeInteger(value) && (value as number) >= min && (value as number) <= max) return;
  throw new PageError(code, `${name} must be a whole number from ${min} to ${max}`);
}

/** The program's mistake that only the rows can show. */
export function nullInOrder(column: string): ConfigError {
  const problem = `must be columns that are never null, but ${column} is in a row`;
  return new ConfigError('ERR_OPTION_INVALID', 'findPage.orderBy', problem);
}
