import pg from 'pg';
import type { OrderColumn, PageSettings } from './options.js';

/** The column that carries a row's place in the order beside it, as JSON. */
export interface Keyed {
  runbook_page_key?: string;
}

type Order = readonly Required<OrderColumn>[];

/**
 * The caller's query as a subquery, which the planner takes apart again: an index on the order serves it. One row more than
 * the page has, which tells whether there is another page.
 */
export function pageSql(
  settings: PageSettings,
  keys: readonly string[] | undefined,
): { text: string; values: unknown[] } {
  const { text, orderBy, limit, offset } = settings;
  const values: unknown[] = [...settings.values];
  const parameter = (value: unknown): string => `$${values.push(value)}`;
  const places = orderBy.map(({ column }) => `${nameOf(column)}::text`).join(', ');
  const where = keys === undefined ? '' : `\nWHERE ${after(orderBy, keys.map(parameter))}`;
  const order = orderBy.map(({ column, direction }) => `${nameOf(column)} ${direction}`).join(', ');
  const rows = `${parameter(limit + 1)}${offset > 0 ? ` OFFSET ${parameter(offset)}` : ''}`;
  return {
    // On lines of their own: the caller's text may end with a comment.
    text: `SELECT page.*, json_build_array(${places})::text AS runbook_page_key FROM (\n${text}\n) AS page${where}
ORDER BY ${order} LIMIT ${rows}`,
    values,
  };
}

export function totalSql({ text, values }: PageSettings): { text: string; values: unknown[] } {
  return { text: `SELECT count(*)::float8 AS total FROM (\n${text}\n) AS page`, values: [...values] };
}

/** What comes after a place in the order. In one direction a row comparison says it, which an index serves in one go. */
function after(order: Order, parameters: readonly string[]): string {
  const names = order.map(({ column }) => nameOf(column));
  const signs = order.map(({ direction }) => (direction === 'asc' ? '>' : '<'));
  if (new Set(signs).size === 1) return `(${names.join(', ')}) ${String(signs[0])} (${parameters.join(', ')})`;
  const cases = names.map((name, at) => {
    const equal = names.slice(0, at).map((before, index) => `${before} = ${String(parameters[index])}`);
    return `(${[...equal, `${name} ${String(signs[at])} ${String(parameters[at])}`].join(' AND ')})`;
  });
  return `(${cases.join(' OR ')})`;
}

function nameOf(column: string): string {
  return `page.${pg.escapeIdentifier(column)}`;
}
