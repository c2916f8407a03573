import type { BackupContents } from '../../index.js';
import type { ObservedPool } from '../../postgres/index.js';
import { withClient } from '../database/with-client.js';
import { visible } from '../visible.js';
import { differences, readContents } from './contents.js';

export interface Comparison {
  readonly differences: readonly string[];
  /** For people. */
  readonly text: string;
}

const SHOWN = 20;

/** Whether a restored database has what the dump was made of. */
export async function comparedWith(
  expected: BackupContents | undefined,
  call: { pool: ObservedPool; signal: AbortSignal },
): Promise<Comparison> {
  const actual = await withClient(call, async (client) => {
    await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
    return readContents(client);
  });
  const tables = Object.keys(actual.tables).length;
  const rows = Object.values(actual.tables).reduce((sum, count) => sum + count, 0);
  const size = `${tables} tables, ${rows} rows`;
  if (expected === undefined) return { differences: [], text: `${size}; nothing to compare with` };
  const found = differences(expected, actual);
  if (found.length === 0)
    return { differences: found, text: `${size}: schema and row counts as at the time of the dump` };
  const rest = found.length > SHOWN ? [`… and ${found.length - SHOWN} more`] : [];
  const lines = [...found.slice(0, SHOWN).map((line) => `  ${visible(line)}`), ...rest];
  return { differences: found, text: [`it is not what was dumped:`, ...lines].join('\n') };
}
