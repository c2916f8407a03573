import type { Constraint, Index, Schema, Table } from '../schema.js';
import type { ScriptWriter } from './script.js';
import { droppedConstraints, droppedForeignKeys, droppedIndexes, type TableChange } from './table-change.js';

type Changes = ReadonlyMap<string, TableChange>;

/** What is built on the columns of a table and has to go, for good or for a while. */
export interface Dropped {
  readonly foreignKeys: readonly Constraint[];
  readonly constraints: readonly Constraint[];
  readonly indexes: readonly Index[];
  /** Constraints that stay and were NOT VALID: the rows are looked at, without locking anybody out. */
  readonly validated: readonly Constraint[];
}

/** By the name of the table. */
export function droppedOf(changes: Changes): ReadonlyMap<string, Dropped> {
  const keys = new Set<string>();
  for (const [table, change] of changes) {
    for (const { name } of [...droppedConstraints(change), ...droppedIndexes(change)]) keys.add(`${table} ${name}`);
  }
  return new Map([...changes].map(([table, change]) => [table, droppedFrom(change, changes, keys)]));
}

function droppedFrom(change: TableChange, changes: Changes, keys: ReadonlySet<string>): Dropped {
  const isValidated = (one: Constraint): boolean => isOnlyValidated(one, change.to);
  const foreignKeys = droppedForeignKeys(change, changes, keys);
  const constraints = droppedConstraints(change);
  return {
    foreignKeys: foreignKeys.filter((one) => !isValidated(one)),
    constraints: constraints.filter((one) => !isValidated(one)),
    indexes: droppedIndexes(change),
    validated: [...constraints, ...foreignKeys].filter(isValidated),
  };
}

function isOnlyValidated({ name, definition }: Constraint, { constraints }: Table): boolean {
  const after = constraints.find((one) => one.name === name);
  return after !== undefined && definition === `${after.definition} NOT VALID`;
}

/** Foreign keys of all tables first: they need the others. */
export function dropBuiltOn(dropped: ReadonlyMap<string, Dropped>, { statements }: ScriptWriter): void {
  const drop = (table: string, constraints: readonly Constraint[]): string[] =>
    constraints.map(({ name }) => `ALTER TABLE ${table} DROP CONSTRAINT ${name}`);
  for (const [table, { foreignKeys }] of dropped) statements.push(...drop(table, foreignKeys));
  for (const [table, { constraints, indexes }] of dropped) {
    statements.push(...drop(table, constraints), ...indexes.map(({ sql }) => `DROP INDEX ${sql}`));
  }
}

/** Indexes, then constraints, then foreign keys, which need either. What a new table has in itself is there already. */
export function buildOn(
  from: Schema,
  to: Schema,
  dropped: ReadonlyMap<string, Dropped>,
  { statements }: ScriptWriter,
): void {
  const foreignKeys: string[] = [];
  for (const { name: table, indexes, constraints } of to.tables.values()) {
    const before = from.tables.get(table);
    const gone = dropped.get(table);
    const away = [...(gone?.constraints ?? []), ...(gone?.foreignKeys ?? [])];
    statements.push(...missing(indexes, before?.indexes, gone?.indexes).map(({ definition }) => definition));
    for (const { name, type, definition } of missing(constraints, before?.constraints, away)) {
      const add = `ALTER TABLE ${table} ADD CONSTRAINT ${name} ${definition}`;
      if (type === 'f') foreignKeys.push(add);
      else if (before !== undefined) statements.push(add);
    }
    const validated = gone?.validated.map(({ name }) => `ALTER TABLE ${table} VALIDATE CONSTRAINT ${name}`);
    statements.push(...(validated ?? []));
  }
  statements.push(...foreignKeys);
}

type Named = { readonly name: string };

/** Those that were not there, or were and are away. */
function missing<Part extends Named>(
  parts: readonly Part[],
  before: readonly Named[] = [],
  away: readonly Named[] = [],
): Part[] {
  const isAmong = (among: readonly Named[], { name }: Named): boolean => among.some((one) => one.name === name);
  return parts.filter((part) => !isAmong(before, part) || isAmong(away, part));
}
