import { join } from 'node:path';
import type { ObservedPool } from '../../postgres/index.js';
import { CommandError, EXIT } from '../exit-codes.js';
import { visible } from '../visible.js';
import { archiveTool, isArchive } from './archive-tool.js';
import { checkedBackup, readBack } from './checked-backup.js';
import type { ChosenBackup } from './chosen-backup.js';
import { comparedWith, type Comparison } from './compared.js';
import type { ReadContent } from './content.js';
import { restoreInto } from './restore-into.js';
import type { ToolCall } from './run-tool.js';
import { serverOf } from './server.js';

/** Where a backup goes to. */
export interface Target {
  readonly database: string;
  /** On that database. */
  readonly pool: ObservedPool;
  /** Statements that empty it, in the same transaction. */
  readonly emptying?: string;
  readonly noOwner?: boolean;
}

/** Reads the backup from end to end; refuses one that is not what its manifest says, and one that is no dump. */
export async function checkedContent({ dir, file, manifest }: ChosenBackup, call: ToolCall): Promise<ReadContent> {
  const content =
    manifest === undefined ? await readBack(join(dir, file), call) : await checkedBackup(dir, manifest, call);
  // Said now, not with the target in hand.
  if (isArchive(content.format)) await archiveTool(join(dir, file), content.format, call.terminal);
  if (content.format !== 'base') return content;
  throw new CommandError(visible(`${file} is a copy of a whole server: backup pitr restores it`), EXIT.failed);
}

/** Restores a backup that was checked, and compares what came of it with its manifest. */
export async function restored(
  { dir, file, manifest }: ChosenBackup,
  content: ReadContent,
  target: Target,
  call: ToolCall,
): Promise<Comparison> {
  const { database, pool, emptying, noOwner } = target;
  const { major, version } = await serverOf(pool);
  if (manifest !== undefined && Number.parseInt(manifest.serverVersion, 10) > major) {
    const what = `${manifest.file} is of PostgreSQL ${manifest.serverVersion}, and the server is ${version}`;
    call.terminal.complain(`note: ${visible(what)}: it may not know all that is in it\n`);
  }
  await restoreInto({ path: join(dir, file), content, database, serverMajor: major, emptying, noOwner }, call);
  return comparedWith(manifest?.contents, { pool, signal: call.signal });
}
