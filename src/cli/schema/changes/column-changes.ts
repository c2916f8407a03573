import { visible } from '../../visible.js';
import type { Column, Sequence } from '../schema.js';
import type { ScriptWriter } from './script.js';
import { isRetyped, type TableChange } from './table-change.js';
import { isWider, usingOf } from './type-change.js';

const isDefault = (column: Column): boolean => column.generated === '' && column.expression !== null;

/** A column as CREATE TABLE and ADD COLUMN take it. */
export function columnSql(column: Column): string {
  const { name, type, collation, generated, expression, identity, sequence, isRequired } = column;
  const value =
    generated !== ''
      ? `GENERATED ALWAYS AS (${expression ?? ''}) ${generated === 's' ? 'STORED' : 'VIRTUAL'}`
      : expression === null
        ? ''
        : `DEFAULT ${expression}`;
  const parts = [
    name,
    type,
    collation === null ? '' : `COLLATE ${collation}`,
    value,
    identity === '' ? '' : identitySql(identity, sequence),
    isRequired ? 'NOT NULL' : '',
  ];
  return parts.filter((part) => part !== '').join(' ');
}

function identitySql(identity: Column['identity'], sequence: Sequence | undefined): string {
  const when = identity === 'a' ? 'ALWAYS' : 'BY DEFAULT';
  const settings =
    sequence === undefined || sequence.isUsual ? '' : ` (SEQUENCE NAME ${sequence.name} ${sequence.settings})`;
  return `GENERATED ${when} AS IDENTITY${settings}`;
}

/** What is in the way of a new type or of another sequence. */
export function clearColumns(change: TableChange, replaced: ReadonlySet<string>, { statements }: ScriptWriter): void {
  for (const [from, to] of change.kept) {
    const alter = `ALTER TABLE ${change.to.name} ALTER COLUMN ${to.name}`;
    const isGone = from.expression !== to.expression || isRetyped(from, to, replaced);
    if (from.generated === 's' && to.generated === '') statements.push(`${alter} DROP EXPRESSION`);
    else if (isDefault(from) && isGone) statements.push(`${alter} DROP DEFAULT`);
    if (from.identity !== '' && to.identity === '') statements.push(`${alter} DROP IDENTITY`);
  }
}

/** Types, defaults, identity and NOT NULL of columns that stay. */
export function alterColumns(
  change: TableChange,
  replaced: ReadonlySet<string>,
  casts: ReadonlySet<string>,
  script: ScriptWriter,
): void {
  for (const [from, to] of change.kept) {
    const alter = `ALTER TABLE ${change.to.name} ALTER COLUMN ${to.name}`;
    const isNew = isRetyped(from, to, replaced);
    if (isNew) retype(change, from, to, replaced, casts, script);
    if (isDefault(to) && (isNew || !isDefault(from) || from.expression !== to.expression))
      script.statements.push(`${alter} SET DEFAULT ${to.expression ?? ''}`);
    if (to.isRequired && !from.isRequired) script.statements.push(required(change.to.name, to));
    if (from.identity !== to.identity && to.identity !== '') {
      if (from.identity === '') script.statements.push(`${alter} ADD ${identitySql(to.identity, to.sequence)}`);
      else script.statements.push(`${alter} SET ${identitySql(to.identity, undefined).replace(' AS IDENTITY', '')}`);
    }
    if (from.isRequired && !to.isRequired) script.statements.push(`${alter} DROP NOT NULL`);
  }
}

function retype(
  change: TableChange,
  from: Column,
  to: Column,
  replaced: ReadonlySet<string>,
  casts: ReadonlySet<string>,
  { statements, losses }: ScriptWriter,
): void {
  const isReplaced = to.enum !== null && replaced.has(to.enum) && from.type === to.type;
  const collation = to.collation === null ? '' : ` COLLATE ${to.collation}`;
  const using = usingOf(from, to, isReplaced, casts);
  statements.push(`ALTER TABLE ${change.to.name} ALTER COLUMN ${to.name} TYPE ${to.type}${collation}${using}`);
  const isSafe = isReplaced || from.type === to.type || isWider(from, to);
  if (!isSafe) losses.push(`values of ${change.to.name}.${to.name} may not fit from ${from.type} into ${to.type}`);
}

/** Plain ones first: a generated one may be computed from them. */
export function addColumns({ from, to, added }: TableChange, { statements }: ScriptWriter): void {
  const ordered = [
    ...added.filter(({ generated }) => generated === ''),
    ...added.filter(({ generated }) => generated !== ''),
  ];
  for (const column of ordered) {
    const isEmpty = column.isRequired && column.expression === null && column.identity === '';
    const wanted = isEmpty ? { ...column, isRequired: false } : column;
    statements.push(`ALTER TABLE ${from.name} ADD COLUMN ${columnSql(wanted)}`);
    if (isEmpty) statements.push(required(to.name, column));
  }
}

function required(table: string, { name }: Column): string {
  const hint = visible(
    `-- Rows that are there have no value; fill them here: UPDATE ${table} SET ${name} = … WHERE ${name} IS NULL;`,
  );
  return `${hint}\nALTER TABLE ${table} ALTER COLUMN ${name} SET NOT NULL`;
}

/** Generated ones first: they are computed from others. */
export function dropColumns({ from, dropped, remade }: TableChange, { statements, losses }: ScriptWriter): void {
  const ordered = [
    ...dropped.filter(({ generated }) => generated !== ''),
    ...dropped.filter(({ generated }) => generated === ''),
  ];
  for (const { name, raw, generated } of ordered) {
    statements.push(`ALTER TABLE ${from.name} DROP COLUMN ${name}`);
    const what = remade.has(raw) ? 'what was written to' : 'drops the column';
    if (generated === '') losses.push(`${what} ${from.name}.${name}`);
  }
}
