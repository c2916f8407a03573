import type { Client } from '../database/with-client.js';
import { withClient } from '../database/with-client.js';
import { CommandError, EXIT } from '../exit-codes.js';
import { visible } from '../visible.js';
import { changesBetween } from './changes/changes.js';
import { withAddedValues } from './changes/enum-changes.js';
import { castKey } from './changes/type-change.js';
import type { Script } from './changes/script.js';
import { otherDifferences } from './other-differences.js';
import { readSchema } from './read-schema.js';
import type { Schema } from './schema.js';
import type { ScratchCall } from './scratch.js';

const SQLSTATE_LENGTH = 5;

/** One migration: how to get there, and back. */
export interface Way {
  readonly up: Script;
  readonly down: Script;
  /** Adds values to enums and does nothing else. */
  readonly isOfValues: boolean;
}

/** The migrations that lead from one schema to the other: none, one, or one before it for the values of enums. */
export function waysBetween(from: Schema, to: Schema, casts: ReadonlySet<string>): Way[] {
  const middle = withAddedValues(from, to);
  const way = (a: Schema, b: Schema, isOfValues: boolean): Way => ({
    up: changesBetween(a, b, casts),
    down: changesBetween(b, a, casts),
    isOfValues,
  });
  return [way(from, middle, true), way(middle, to, false)].filter(({ up }) => up.statements.length > 0);
}

export async function castsOf(client: Client): Promise<ReadonlySet<string>> {
  const { rows } = await client.query<{ source: string; target: string }>(
    `SELECT format_type(castsource, NULL) AS source, format_type(casttarget, NULL) AS target FROM pg_cast`,
  );
  return new Set(rows.map(({ source, target }) => castKey(source, target)));
}

/**
 * Runs the ways on the scratch database of the migrations, there and back, and looks where that led: a migration that does
 * not lead where it should is never written.
 */
export async function tryOut(
  scratch: ScratchCall,
  ways: readonly Way[],
  {
    from,
    to,
    casts,
    migrationsTable,
  }: { from: Schema; to: Schema; casts: ReadonlySet<string>; migrationsTable: string },
): Promise<void> {
  // Rows that migrations bring would refuse NOT NULL; whoever runs the migration fills them before.
  await withClient(scratch, (client) => emptied(client, [...from.tables.keys()]));
  const run = async (scripts: readonly Script[], goal: Schema, direction: string): Promise<void> => {
    for (const { statements } of scripts)
      await withClient(scratch, (client) => inTransaction(client, statements, direction));
    const reached = await withClient(scratch, (client) => readSchema(client, migrationsTable));
    const { statements } = changesBetween(reached, goal, casts);
    if (statements.length === 0 && otherDifferences(reached, goal).length === 0) return;
    throw byHand(`the way ${direction} leaves a difference`, statements[0] ?? '');
  };
  await run(
    ways.map(({ up }) => up),
    to,
    'up',
  );
  await run(ways.map(({ down }) => down).reverse(), from, 'down');
}

async function inTransaction(client: Client, statements: readonly string[], direction: string): Promise<void> {
  await client.query('BEGIN');
  for (const statement of statements) {
    await client.query(statement).catch((error: unknown) => {
      const { code, message } = error as { code?: string; message: string };
      // Of the server; a connection that is lost says something else.
      throw code?.length === SQLSTATE_LENGTH ? byHand(`the way ${direction} is refused: ${message}`, statement) : error;
    });
  }
  await client.query('COMMIT');
}

function byHand(what: string, statement: string): CommandError {
  const cure = 'write this migration by hand: express-runbook migrate create';
  return new CommandError(visible(`${what} (${statement}); ${cure}`), EXIT.failed);
}

/** Only what has rows: a table that refuses TRUNCATE by a trigger is mostly one that has none here. */
async function emptied(client: Client, tables: readonly string[]): Promise<void> {
  for (const table of tables) {
    const { rows } = await client.query<{ filled: boolean }>(`SELECT EXISTS (SELECT FROM ${table}) AS filled`);
    if (rows[0]?.filled === true) await client.query(`TRUNCATE ${table} CASCADE`);
  }
}
