import type { Client } from '../database/with-client.js';
import { columnSql } from './changes/column-changes.js';
import type { Column, Constraint, Index } from './schema.js';

/** What a table is made of, with the name of the table. */
export interface Parts {
  readonly columns: readonly (Column & { readonly table: string })[];
  readonly constraints: readonly (Constraint & { readonly table: string })[];
  readonly indexes: readonly (Index & { readonly table: string })[];
}

const PROBE = 'express_runbook_probe_';
const TEXTS = `
  SELECT conname AS probe, pg_get_constraintdef(oid) AS text FROM pg_constraint WHERE conname LIKE $1
  UNION ALL SELECT a.attname, pg_get_expr(x.adbin, x.adrelid) FROM pg_attribute a
    JOIN pg_attrdef x ON x.adrelid = a.attrelid AND x.adnum = a.attnum WHERE a.attname LIKE $1
  UNION ALL SELECT c.relname, pg_get_indexdef(c.oid) FROM pg_class c WHERE c.relkind = 'i' AND c.relname LIKE $1
    AND NOT EXISTS (SELECT FROM pg_constraint k WHERE k.conindid = c.oid)`;

/**
 * The parts with the texts of expressions as the server tells them when it has read its own text once: what it tells of a hand-written
 * `state IN ('a', 'b')` on a varchar is not yet what it tells of that text in turn. The probes are rolled back.
 */
export async function settledTexts(client: Client, parts: Parts): Promise<Parts> {
  const probes: string[] = [];
  const probe = (sql: (name: string) => string): string => {
    const name = `${PROBE}${probes.length + 1}_`;
    probes.push(sql(name));
    return name;
  };
  const columns = parts.columns.map((one) => {
    if (one.expression === null) return [one, undefined] as const;
    return [
      one,
      probe((name) => `ALTER TABLE ${one.table} ADD COLUMN ${columnSql({ ...one, name, isRequired: false })}`),
    ] as const;
  });
  const constraints = parts.constraints.map((one) => {
    if (one.type !== 'c' && one.type !== 'x') return [one, undefined] as const;
    return [one, probe((name) => `ALTER TABLE ${one.table} ADD CONSTRAINT ${name} ${one.definition}`)] as const;
  });
  const indexes = parts.indexes.map((one) => {
    if (!one.hasExpression) return [one, undefined] as const;
    return [one, probe((name) => one.definition.replace(`INDEX ${one.name} ON `, () => `INDEX ${name} ON `))] as const;
  });
  const texts = await textsOf(client, probes);
  const settled = (name: string | undefined, text: string): string =>
    name === undefined ? text : (texts.get(name) ?? text);
  return {
    columns: columns.map(([one, name]) => ({ ...one, expression: one.expression && settled(name, one.expression) })),
    constraints: constraints.map(([one, name]) => ({ ...one, definition: settled(name, one.definition) })),
    indexes: indexes.map(([one, name]) => ({
      ...one,
      definition: settled(name, one.definition).replace(`INDEX ${name ?? ''} ON `, () => `INDEX ${one.name} ON `),
    })),
  };
}

async function textsOf(client: Client, probes: readonly string[]): Promise<ReadonlyMap<string, string>> {
  if (probes.length === 0) return new Map();
  await client.query(`BEGIN; ${probes.join('; ')}`);
  const { rows } = await client.query<{ probe: string; text: string }>(TEXTS, [`${PROBE.replaceAll('_', '\\_')}%`]);
  await client.query('ROLLBACK');
  return new Map(rows.map(({ probe, text }) => [probe, text]));
}
