import type { Schema, Table } from '../schema.js';
import { buildOn, dropBuiltOn, droppedOf } from './built-on.js';
import { addColumns, alterColumns, clearColumns, columnSql, dropColumns } from './column-changes.js';
import { addValues, dropEnums, makeEnums, replacedEnums } from './enum-changes.js';
import { remarksOn } from './remarks.js';
import type { Script, ScriptWriter } from './script.js';
import { adoptSequences, alterIdentities, dropSequences, makeSequences } from './sequence-changes.js';
import { tableChange, type TableChange } from './table-change.js';

/**
 * The statements that lead from one schema to the other, in an order in which each finds what it needs: what is in the way
 * goes first, foreign keys before all; then types, tables and columns; then what is built on them. `casts` are those that the
 * server has.
 */
export function changesBetween(from: Schema, to: Schema, casts: ReadonlySet<string>): Script {
  const script: ScriptWriter = { statements: [], losses: [], remarks: [] };
  const replaced = replacedEnums(from, to);
  const changes = changesOfTables(from, to, replaced);
  const dropped = droppedOf(changes);
  const isNew = ({ name }: Table): boolean => !from.tables.has(name);
  const each = (work: (change: TableChange) => void): void => {
    for (const change of changes.values()) work(change);
  };

  addValues(from, to, script);
  dropBuiltOn(dropped, script);
  dropTables(
    [...from.tables.values()].filter(({ name }) => !to.tables.has(name)),
    script,
  );
  each((change) => clearColumns(change, replaced, script));
  each((change) => dropColumns(change, script));
  dropSequences(from, to, changes, script);
  makeEnums(from, to, replaced, script);
  makeSequences(from, to, script);
  for (const table of to.tables.values()) if (isNew(table)) script.statements.push(createTable(table));
  each((change) => alterColumns(change, replaced, casts, script));
  each((change) => addColumns(change, script));
  dropEnums(from, to, replaced, script);
  buildOn(from, to, dropped, script);
  adoptSequences(from, to, changes, script);
  alterIdentities(changes, script);
  script.remarks.push(...remarksOn(from, to, changes));
  return script;
}

function changesOfTables(from: Schema, to: Schema, replaced: ReadonlySet<string>): ReadonlyMap<string, TableChange> {
  const both = [...from.tables.values()].flatMap((before) => {
    const after = to.tables.get(before.name);
    return after === undefined ? [] : [[before.name, tableChange(before, after, replaced)] as const];
  });
  return new Map(both);
}

/** Together, whatever leads from one to the other. */
function dropTables(tables: readonly Table[], { statements, losses }: ScriptWriter): void {
  if (tables.length === 0) return;
  statements.push(`DROP TABLE ${tables.map(({ name }) => name).join(', ')}`);
  losses.push(...tables.map(({ name }) => `drops the table ${name}`));
}

function createTable({ name, columns, constraints }: Table): string {
  const parts = [
    ...columns.map(columnSql),
    ...constraints.filter(({ type }) => type !== 'f').map((one) => `CONSTRAINT ${one.name} ${one.definition}`),
  ];
  return `CREATE TABLE ${name} (\n  ${parts.join(',\n  ')}\n)`;
}
