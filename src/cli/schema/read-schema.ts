import type { Client } from '../database/with-client.js';
import { OTHER_OBJECTS } from './catalogue/others.js';
import { COLUMNS, CONSTRAINTS, ENUMS, INDEXES, SEQUENCES, TABLES } from './catalogue/tables.js';
import type { Enum, Other, Schema, Sequence, Table } from './schema.js';
import { settledTexts, type Parts } from './settled-texts.js';

/** What the database of this connection looks like, save the table that remembers the migrations. */
export async function readSchema(client: Client, migrationsTable: string): Promise<Schema> {
  const { rows: table } = await client.query<{ oid: string | null }>(
    `SELECT to_regclass((SELECT string_agg(quote_ident(part), '.') FROM unnest(string_to_array($1, '.')) part))::oid::text AS oid`,
    [migrationsTable],
  );
  const migrations = [table[0]?.oid ?? null];
  // Names are told with their schema then, the same way in every database.
  await client.query(`SET search_path = ''`);
  const rows = async <Row extends object>(text: string): Promise<Row[]> =>
    (await client.query<Row>(text, text.includes('$1') ? migrations : [])).rows;

  const sequences = await rows<Sequence>(SEQUENCES);
  const identities = new Map(
    sequences.filter((one) => one.isIdentity).map((one) => [`${one.table}.${one.column}`, one]),
  );
  const found = await rows<{ name: string; isPlain: boolean }>(TABLES);
  const { columns, constraints, indexes } = await settledTexts(client, {
    columns: (await rows<Parts['columns'][number]>(COLUMNS)).map((one) => ({
      ...one,
      sequence: identities.get(`${one.table}.${one.name}`),
    })),
    constraints: await rows(CONSTRAINTS),
    indexes: await rows(INDEXES),
  });
  const tables = found.map(({ name, isPlain }) => {
    const of = <Part extends { readonly table: string }>(parts: readonly Part[]): Part[] =>
      parts.filter(({ table }) => table === name);
    return { name, isPlain, columns: of(columns), constraints: of(constraints), indexes: of(indexes) };
  });
  const others = await client.query<{ kind: string; name: string; text: string }>(
    `SELECT kind, name, text FROM (${OTHER_OBJECTS}) o (kind, name, text) ORDER BY 1, 2`,
    migrations,
  );
  return {
    tables: byName(tables.filter(({ isPlain }) => isPlain)),
    enums: byName(await rows<Enum>(ENUMS)),
    sequences: byName(sequences.filter(({ isIdentity }) => !isIdentity)),
    others: [...others.rows, ...tables.filter(({ isPlain }) => !isPlain).map(asOther)],
  };
}

function byName<Part extends { readonly name: string }>(parts: readonly Part[]): Map<string, Part> {
  return new Map(parts.map((part) => [part.name, part]));
}

function asOther({ name, ...parts }: Table): Other {
  return { kind: 'table with partitions or inheritance', name, text: JSON.stringify(parts) };
}
