import type { Schema, Sequence } from '../schema.js';
import type { ScriptWriter } from './script.js';
import type { TableChange } from './table-change.js';

type Changes = ReadonlyMap<string, TableChange>;

const keptPair = (changes: Changes, { table, rawColumn }: Sequence): TableChange['kept'][number] | undefined =>
  changes.get(table)?.kept.find(([{ raw }]) => raw === rawColumn);

/** A sequence goes with its column; it is dropped where the column stays. */
export function dropSequences(from: Schema, to: Schema, changes: Changes, { statements }: ScriptWriter): void {
  for (const sequence of from.sequences.values()) {
    const isGone = !to.sequences.has(sequence.name) && keptPair(changes, sequence) !== undefined;
    if (isGone) statements.push(`DROP SEQUENCE ${sequence.name}`);
  }
}

export function makeSequences(from: Schema, to: Schema, { statements }: ScriptWriter): void {
  for (const { name, type, settings } of to.sequences.values()) {
    const before = from.sequences.get(name);
    if (before === undefined) statements.push(`CREATE SEQUENCE ${name} AS ${type} ${settings}`);
    else if (before.type !== type || before.settings !== settings)
      statements.push(`ALTER SEQUENCE ${name} AS ${type} ${settings}`);
  }
}

/** Ownership, and a start behind the rows that are there. */
export function adoptSequences(from: Schema, to: Schema, changes: Changes, { statements }: ScriptWriter): void {
  for (const sequence of to.sequences.values()) {
    const { name, table, column } = sequence;
    const before = from.sequences.get(name);
    if (before?.table !== table || before.column !== column)
      statements.push(`ALTER SEQUENCE ${name} OWNED BY ${table}.${column}`);
    if (before === undefined && keptPair(changes, sequence) !== undefined) statements.push(startBehind(sequence));
  }
}

/** The sequences of identity columns; ADD GENERATED makes new ones, which know nothing of the rows. */
export function alterIdentities(changes: Changes, { statements }: ScriptWriter): void {
  for (const [from, to] of [...changes.values()].flatMap(({ kept }) => kept)) {
    const [before, after] = [from.sequence, to.sequence];
    if (after === undefined) continue;
    if (before === undefined) {
      statements.push(startBehind(after));
      continue;
    }
    if (before.name !== after.name) statements.push(`ALTER SEQUENCE ${before.name} RENAME TO ${after.bareName}`);
    if (before.settings !== after.settings) statements.push(`ALTER SEQUENCE ${after.name} ${after.settings}`);
  }
}

function startBehind({ name, table, column }: Sequence): string {
  return `SELECT setval(${literal(name)}, max(${column})) FROM ${table} HAVING max(${column}) IS NOT NULL`;
}

/** Of a name that is quoted for SQL already; E'' would read a backslash as an escape, '' does not. */
function literal(name: string): string {
  return `'${name.replaceAll("'", "''")}'`;
}
