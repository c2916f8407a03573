import { visible } from './visible.js';

export type Row = Readonly<Record<string, unknown>>;

const MAX_WIDTH = 80;

/** Rows as a table with a head; `columns` names and orders them. */
export function tableText(columns: readonly string[], rows: readonly Row[]): string {
  const cells = rows.map((row) => columns.map((column) => cellText(row[column])));
  const widths = columns.map((column, at) => Math.max(column.length, ...cells.map((line) => line[at]?.length ?? 0)));
  const line = (texts: readonly string[]): string =>
    texts
      .map((text, at) => text.padEnd(widths[at] ?? 0))
      .join('  ')
      .trimEnd();
  const rule = widths.map((width) => '-'.repeat(width));
  return [columns, rule, ...cells].map((texts) => `${line(texts)}\n`).join('');
}

function cellText(value: unknown): string {
  if (value === null || value === undefined) return '';
  const text = visible(value instanceof Date ? value.toISOString() : plain(value));
  return text.length > MAX_WIDTH ? `${text.slice(0, MAX_WIDTH - 1)}…` : text;
}

function plain(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
