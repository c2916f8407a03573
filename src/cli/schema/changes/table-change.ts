import type { Column, Constraint, Index, Table } from '../schema.js';

/** A table that is there before and after. */
export interface TableChange {
  readonly from: Table;
  readonly to: Table;
  readonly dropped: readonly Column[];
  readonly added: readonly Column[];
  /** The same column before and after. */
  readonly kept: readonly (readonly [from: Column, to: Column])[];
  /** Raw names of columns that are dropped, made anew or get another type: what is built on them has to give way. */
  readonly touched: ReadonlySet<string>;
  /** Raw names of those that are there before and after, and cannot be altered into each other. */
  readonly remade: ReadonlySet<string>;
}

export function tableChange(from: Table, to: Table, replaced: ReadonlySet<string>): TableChange {
  const after = new Map(to.columns.map((column) => [column.raw, column]));
  const before = new Set(from.columns.map(({ raw }) => raw));
  const pairs = from.columns.flatMap((column) => {
    const other = after.get(column.raw);
    return other === undefined ? [] : [[column, other] as const];
  });
  const retyped = new Set(pairs.filter(([a, b]) => isRetyped(a, b, replaced)).map(([{ raw }]) => raw));
  const remade = new Set(pairs.filter(([a, b]) => isRemade(a, b, retyped)).map(([{ raw }]) => raw));
  const dropped = from.columns.filter(({ raw }) => !after.has(raw) || remade.has(raw));
  return {
    from,
    to,
    dropped,
    added: to.columns.filter(({ raw }) => !before.has(raw) || remade.has(raw)),
    kept: pairs.filter(([{ raw }]) => !remade.has(raw)),
    touched: new Set([...retyped, ...dropped.map(({ raw }) => raw)]),
    remade,
  };
}

export function isRetyped(from: Column, to: Column, replaced: ReadonlySet<string>): boolean {
  const isReplaced = to.enum !== null && replaced.has(to.enum);
  return isReplaced || from.type !== to.type || from.collation !== to.collation;
}

/** Only version 17 and later can give a generated column another expression; none can make one of a plain column. */
function isRemade(from: Column, to: Column, retyped: ReadonlySet<string>): boolean {
  if (from.generated === '' && to.generated === '') return false;
  if (from.generated === 's' && to.generated === '') return false;
  const isOther = from.generated !== to.generated || from.expression !== to.expression || retyped.has(to.raw);
  return isOther || from.uses.some((name) => retyped.has(name));
}

/** Indexes that are gone, or have to be away while the columns change. */
export function droppedIndexes({ from, to, touched, remade }: TableChange): Index[] {
  const after = new Map(to.indexes.map((index) => [index.name, index.definition]));
  return from.indexes.filter(
    ({ name, definition, uses, hasExpression }) =>
      after.get(name) !== definition ||
      uses.some((column) => remade.has(column) || (hasExpression && touched.has(column))),
  );
}

/** The same of constraints but foreign keys. */
export function droppedConstraints({ from, to, touched, remade }: TableChange): Constraint[] {
  const after = definitionsOf(to);
  return from.constraints.filter(({ type, name, definition, uses }) => {
    if (type === 'f') return false;
    const mayBreak = type === 'c' || type === 'x' ? touched : remade;
    return after.get(name) !== definition || uses.some((column) => mayBreak.has(column));
  });
}

/** The same of foreign keys; `changes` is by the name of the table, `droppedKeys` has what they lead to and is dropped. */
export function droppedForeignKeys(
  { from, to, touched }: TableChange,
  changes: ReadonlyMap<string, TableChange>,
  droppedKeys: ReadonlySet<string>,
): Constraint[] {
  const after = definitionsOf(to);
  return from.constraints.filter((one) => {
    if (one.type !== 'f') return false;
    const { name, definition, uses, references, referencedColumns, key } = one;
    const there = changes.get(references ?? '')?.touched;
    const isBroken =
      uses.some((column) => touched.has(column)) || referencedColumns.some((column) => there?.has(column));
    return after.get(name) !== definition || isBroken || droppedKeys.has(`${references ?? ''} ${key ?? ''}`);
  });
}

function definitionsOf({ constraints }: Table): Map<string, string> {
  return new Map(constraints.map(({ name, definition }) => [name, definition]));
}
