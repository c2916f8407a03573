import type { Command } from 'commander';
import type { ObservedPool } from '../../../postgres/index.js';
import { chosenBackup } from '../../backup/chosen-backup.js';
import type { Comparison } from '../../backup/compared.js';
import { checkedContent, restored } from '../../backup/restored.js';
import { localBackup } from '../../backup/s3/fetch-backup.js';
import { withStorage, type StorageOptions } from '../../backup/s3/place.js';
import { createDatabase, dropDatabase } from '../../backup/scratch.js';
import { emptyingSql, inhabitantsOf } from '../../backup/target.js';
import { withFolder, type FolderOptions } from '../../backup/where.js';
import { onDatabase, onOtherDatabase, type DatabaseCall } from '../../database/on-database.js';
import { withClient } from '../../database/with-client.js';
import { CommandError, EXIT } from '../../exit-codes.js';
import { said } from '../../option-values.js';
import { printResult } from '../../print-result.js';
import type { Terminal } from '../../terminal.js';
import { visible } from '../../visible.js';

interface RestoreOptions extends FolderOptions, StorageOptions {
  readonly into?: string;
  readonly create?: true;
  readonly force?: string;
  readonly withoutManifest?: true;
  readonly owner?: boolean;
}

type RestoreCall = DatabaseCall<RestoreOptions>;

/** Every server has it; the database of the settings may be the one that is lost. */
const MAINTENANCE = 'postgres';

export function restore(group: Command, terminal: Terminal): void {
  const command = withStorage(withFolder(group.command('restore')))
    .description('Restores a backup in one transaction: all of it, or nothing. It is checked from end to end before.')
    .argument('<backup>', 'latest, the name of a backup, the path of one, or s3://bucket/prefix/file')
    .option('--into <database>', 'another database of the server (default: that of the settings)', said)
    .option('--create', 'make that database, which is not there yet')
    .option('--force <database>', 'its name again: everything that is in it is replaced', said)
    .option('--without-manifest', 'take a dump that never had a manifest: what it should hold is not known')
    .option('--no-owner', 'everything belongs to who restores: for a server without the roles of the dump');
  onDatabase<RestoreOptions>(command, terminal, run);
}

async function run(call: RestoreCall): Promise<void> {
  const { args, options, config } = call;
  const database = options.into ?? config.database.name;
  if (options.force !== undefined && options.force !== database)
    throw new CommandError(visible(`--force names ${options.force}, and the restore is into ${database}`));
  const isManifestNeeded = options.withoutManifest !== true;
  const dir = options.dir ?? config.backupDir;
  const chosen = await chosenBackup(dir, await localBackup(args[0] ?? '', call, dir), { isManifestNeeded });
  const content = await checkedContent(chosen, call);
  const found = await inTarget(call, database, async (pool) => {
    const emptying = await emptyingOf({ ...call, pool }, database);
    return restored(chosen, content, { database, pool, emptying, noOwner: options.owner === false }, call);
  });
  const text = [`restored ${visible(chosen.file)} into ${visible(database)}`, found.text].join('\n');
  await printResult(call, { file: chosen.file, database, differences: found.differences }, text);
  if (found.differences.length > 0) call.terminal.exitCode = EXIT.findings;
}

/** A database that was made for this restore goes when there is nothing in it. */
async function inTarget(
  call: RestoreCall,
  database: string,
  work: (pool: ObservedPool) => Promise<Comparison>,
): Promise<Comparison> {
  if (call.options.create !== true) return onOtherDatabase(call, database, work);
  return onOtherDatabase(call, MAINTENANCE, async (maintenance) => {
    await createDatabase(maintenance, database);
    try {
      return await onOtherDatabase(call, database, work);
    } catch (error) {
      await dropDatabase(maintenance, database);
      throw error;
    }
  });
}

async function emptyingOf(call: RestoreCall, database: string): Promise<string> {
  return withClient(call, async (client) => {
    const count = await inhabitantsOf(client);
    if (count === 0) return '';
    if (call.options.force !== undefined) return emptyingSql(client);
    const cure = `take another with --into and --create, or replace everything with --force ${database}`;
    throw new CommandError(visible(`${database} is not empty (${count} objects): ${cure}`), EXIT.failed);
  });
}
