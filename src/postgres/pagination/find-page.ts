import type { Pool, PoolClient, QueryResultRow } from 'pg';
import { cursorOf, keysOf, notACursor } from './cursor.js';
import { nullInOrder, resolvePageOptions, type PageOptions, type PageSettings } from './options.js';
import { pageSql, totalSql, type Keyed } from './page-sql.js';

/** A part of a list. */
export interface Page<Row> {
  readonly data: Row[];
  /** Give it as `cursor` to get what follows; null on the last page. */
  readonly nextCursor: string | null;
  readonly hasNext: boolean;
  /** Rows of the whole list; there when `withTotal` asked for it. */
  readonly total?: number;
}

/**
 * One page of a list, by cursor (keyset pagination) or by offset. A cursor is opaque and holds the place in the order where
 * the page ended, so that the next page begins there, whatever was added or deleted in between.
 *
 * Rejects with `PageError` (400) for a cursor, limit or offset that cannot be, and with `ConfigError` for wrong options.
 *
 * @example
 * const { data, nextCursor } = await findPage<User>(pool, {
 *   text: 'SELECT id, email, created_at FROM users WHERE active = $1',
 *   values: [true],
 *   orderBy: [{ column: 'created_at', direction: 'desc' }, { column: 'id', direction: 'desc' }],
 *   limit: 20,
 *   cursor,
 * });
 */
export async function findPage<Row extends QueryResultRow>(
  on: Pool | PoolClient,
  options: PageOptions,
): Promise<Page<Row>> {
  const settings = resolvePageOptions(options);
  const rows = await rowsOf<Row>(on, settings);
  const hasNext = rows.length > settings.limit;
  const data = rows.slice(0, settings.limit);
  const last = data.at(-1);
  const nextCursor = hasNext && last !== undefined ? cursorOf(settings.orderBy, placeOf(settings, last)) : null;
  for (const row of data) delete row.runbook_page_key;
  const page = { data: data as Row[], nextCursor, hasNext };
  return settings.withTotal ? { ...page, total: await totalOf(on, settings) } : page;
}

// Text that the column's type cannot read: invalid or out of range for it, or not text at all.
const UNREADABLE = new Set(['22P02', '22003', '22007', '22008', '22021']);

async function rowsOf<Row extends QueryResultRow>(
  on: Pool | PoolClient,
  settings: PageSettings,
): Promise<(Row & Keyed)[]> {
  const { cursor, orderBy } = settings;
  const keys = cursor === undefined ? undefined : keysOf(orderBy, cursor);
  try {
    const { rows } = await on.query<Row & Keyed>(pageSql(settings, keys));
    return rows;
  } catch (error) {
    // A cursor that was tampered with.
    if (keys !== undefined && UNREADABLE.has((error as { code?: string }).code ?? '')) throw notACursor(error);
    throw error;
  }
}

function placeOf({ orderBy }: PageSettings, row: Keyed): string[] {
  const place = JSON.parse(row.runbook_page_key ?? '[]') as (string | null)[];
  return orderBy.map(({ column }, at) => {
    const key = place[at];
    if (key == null) throw nullInOrder(column);
    return key;
  });
}

async function totalOf(on: Pool | PoolClient, settings: PageSettings): Promise<number> {
  const { rows } = await on.query<{ total: number }>(totalSql(settings));
  return rows[0]?.total ?? 0;
}
