import type { Schema } from '../schema.js';
import type { TableChange } from './table-change.js';

/** What a person should know: order of columns, what may be a rename, and indexes that lock writes out. */
export function remarksOn(from: Schema, to: Schema, changes: ReadonlyMap<string, TableChange>): string[] {
  return [...renamedTables(from, to), ...[...changes.values()].flatMap(remarksOnTable)];
}

function renamedTables(from: Schema, to: Schema): string[] {
  const gone = [...from.tables.values()].filter(({ name }) => !to.tables.has(name));
  const fresh = [...to.tables.values()].filter(({ name }) => !from.tables.has(name));
  const columns = (table: (typeof gone)[number]): string =>
    JSON.stringify(table.columns.map(({ name, type }) => [name, type]));
  return fresh.flatMap((table) => {
    const twin = gone.find((one) => columns(one) === columns(table));
    return twin === undefined ? [] : [rename(`ALTER TABLE ${twin.name} RENAME TO`, twin.name, table.name)];
  });
}

function remarksOnTable(change: TableChange): string[] {
  const { from, to, dropped, added, remade, kept } = change;
  const renames = added.flatMap((column) => {
    const twin = dropped.find(({ raw, type }) => type === column.type && !remade.has(raw));
    if (twin === undefined || remade.has(column.raw)) return [];
    return [rename(`ALTER TABLE ${to.name} RENAME COLUMN ${twin.name} TO`, `${to.name}.${twin.name}`, column.name)];
  });
  const before = new Set(from.indexes.map(({ name }) => name));
  const indexes = to.indexes
    .filter(({ name }) => !before.has(name))
    .map(
      ({ sql }) => `building ${sql} locks writes to ${to.name} out: for a large table write it by hand, CONCURRENTLY`,
    );
  return [...renames, ...indexes, ...(isOtherOrder(change, kept) ? [otherOrder(to.name)] : [])];
}

function rename(statement: string, before: string, after: string): string {
  return `${before} is dropped and ${after} made, which loses its rows; if that is a rename, write it by hand: ${statement} …`;
}

/** New columns come last, whatever the schema file says. */
function isOtherOrder({ to, added }: TableChange, kept: TableChange['kept']): boolean {
  const reached = [...kept.map(([{ raw }]) => raw), ...added.map(({ raw }) => raw)];
  return to.columns.some(({ raw }, at) => raw !== reached[at]);
}

function otherOrder(table: string): string {
  return `the columns of ${table} stand in another order than in the schema file, which no migration changes`;
}
