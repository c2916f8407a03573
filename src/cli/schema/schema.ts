/** What a database looks like. Every `name` and `sql` is quoted by the server, for SQL; a `raw` one is as it was given. */
export interface Schema {
  readonly tables: ReadonlyMap<string, Table>;
  readonly enums: ReadonlyMap<string, Enum>;
  /** Those that belong to a column; `serial` makes them. */
  readonly sequences: ReadonlyMap<string, Sequence>;
  /** All that no migration is generated for, in words of the server. */
  readonly others: readonly Other[];
}

export interface Table {
  /** With its schema. */
  readonly name: string;
  readonly columns: readonly Column[];
  readonly constraints: readonly Constraint[];
  readonly indexes: readonly Index[];
}

export interface Column {
  readonly name: string;
  readonly raw: string;
  readonly type: string;
  /** Without length or precision. */
  readonly baseType: string;
  /** Undefined when it is that of the type. */
  readonly collation: string | null;
  /** The enum that it holds, alone or as an array. */
  readonly enum: string | null;
  readonly isRequired: boolean;
  /** The default, or what a generated column is computed from. */
  readonly expression: string | null;
  readonly generated: '' | 's' | 'v';
  readonly identity: '' | 'a' | 'd';
  /** Raw names of the columns that a generated one is computed from. */
  readonly uses: readonly string[];
  /** Of an identity column. */
  readonly sequence: Sequence | undefined;
}

export interface Constraint {
  readonly name: string;
  /** Primary key, unique, check, exclusion or foreign key. */
  readonly type: 'p' | 'u' | 'c' | 'x' | 'f';
  readonly definition: string;
  readonly uses: readonly string[];
  /** Of a foreign key: table, raw columns and index that it leads to. */
  readonly references: string | null;
  readonly referencedColumns: readonly string[];
  readonly key: string | null;
}

export interface Index {
  readonly name: string;
  /** With its schema. */
  readonly sql: string;
  readonly definition: string;
  /** Has an expression or a condition, which a change of type may break. */
  readonly hasExpression: boolean;
  readonly uses: readonly string[];
}

export interface Enum {
  readonly name: string;
  readonly schema: string;
  /** As literals. */
  readonly labels: readonly string[];
}

export interface Sequence {
  readonly name: string;
  /** Without its schema. */
  readonly bareName: string;
  readonly isIdentity: boolean;
  /** Its name is that which Postgres gives, and its settings are those of the type. */
  readonly isUsual: boolean;
  readonly table: string;
  readonly column: string;
  readonly rawColumn: string;
  readonly type: string;
  readonly settings: string;
}

export interface Other {
  readonly kind: string;
  readonly name: string;
  readonly text: string;
}
