import { withClient } from '../database/with-client.js';
import type { DatabaseCall } from '../database/on-database.js';
import { CommandError, EXIT } from '../exit-codes.js';
import { visible } from '../visible.js';
import { changesBetween } from './changes/changes.js';
import { castsOf, tryOut, waysBetween, type Way } from './comparison.js';
import { otherDifferences, type OtherDifference } from './other-differences.js';
import { readSchema } from './read-schema.js';
import type { Schema } from './schema.js';
import { withScratch, type ScratchCall } from './scratch.js';

export interface Comparison {
  /** What no migration is generated for; with any of it there are no ways. */
  readonly others: readonly OtherDifference[];
  /** Tried out, there and back; none when nothing differs. */
  readonly ways: readonly Way[];
  readonly remarks: readonly string[];
}

export interface Compared {
  readonly schemaPath: string;
  readonly schemaText: string;
  /** Left out on both sides. */
  readonly migrationsTable: string;
  /** Applies all migrations to a scratch database. */
  readonly migrate: (scratch: ScratchCall) => Promise<unknown>;
}

/** What the schema file has that the migrations do not build, and the other way round; the configured database is not looked at. */
export async function compare(call: DatabaseCall, what: Compared): Promise<Comparison> {
  const to = await withScratch(call, (scratch) => desiredSchema(scratch, what));
  return withScratch(call, async (scratch) => {
    await what.migrate(scratch);
    const { from, casts } = await withClient(scratch, async (client) => ({
      from: await readSchema(client, what.migrationsTable),
      casts: await castsOf(client),
    }));
    const others = otherDifferences(from, to);
    const ways = others.length > 0 ? [] : waysBetween(from, to, casts);
    if (ways.length > 0) await tryOut(scratch, ways, { from, to, casts, migrationsTable: what.migrationsTable });
    return { others, ways, remarks: changesBetween(from, to, casts).remarks };
  });
}

function desiredSchema(scratch: ScratchCall, { schemaPath, schemaText, migrationsTable }: Compared): Promise<Schema> {
  return withClient(scratch, async (client) => {
    await client.query(schemaText).catch((error: unknown) => {
      scratch.signal.throwIfAborted();
      const { message, position } = error as { message: string; position?: string };
      const line = position === undefined ? '' : `:${schemaText.slice(0, Number(position)).split('\n').length}`;
      throw new CommandError(visible(`the schema file ${schemaPath}${line} failed: ${message}`), EXIT.failed);
    });
    return readSchema(client, migrationsTable);
  });
}
