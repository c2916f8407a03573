import { join } from 'node:path';
import type { Command } from 'commander';
import { checkedBackup, readBack } from '../../backup/checked-backup.js';
import { chosenBackup, type ChosenBackup } from '../../backup/chosen-backup.js';
import type { ReadContent } from '../../backup/content.js';
import { comparedWith } from '../../backup/compared.js';
import { restoreInto } from '../../backup/restore-into.js';
import { serverOf } from '../../backup/server.js';
import { emptyingSql, inhabitantsOf } from '../../backup/target.js';
import { withFolder, type FolderOptions } from '../../backup/where.js';
import { onDatabase, onOtherDatabase, type DatabaseCall } from '../../database/on-database.js';
import { withClient } from '../../database/with-client.js';
import { CommandError, EXIT } from '../../exit-codes.js';
import { said } from '../../option-values.js';
import { printResult } from '../../print-result.js';
import type { Terminal } from '../../terminal.js';
import { visible } from '../../visible.js';

interface RestoreOptions extends FolderOptions {
  readonly into?: string;
  readonly create?: true;
  readonly force?: string;
  readonly withoutManifest?: true;
  readonly owner?: boolean;
}

type RestoreCall = DatabaseCall<RestoreOptions>;

export function restore(group: Command, terminal: Terminal): void {
  const command = withFolder(group.command('restore'))
    .description('Restores a backup in one transaction: all of it, or nothing. It is checked from end to end before.')
    .argument('<backup>', 'latest, the name of a backup, or the path of one')
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
  const chosen = await chosenBackup(options.dir ?? config.backupDir, args[0] ?? '', { isManifestNeeded });
  const content = await contentOf(chosen, call);
  if (options.create === true) await createDatabase(call, database);
  await onOtherDatabase(call, database, async (pool) => {
    const { major } = await serverOf(pool);
    const emptying = await withClient({ ...call, pool }, async (client) => {
      const count = await inhabitantsOf(client);
      if (count > 0 && options.force === undefined) throw isPopulated(database, count);
      return count > 0 ? emptyingSql(client) : '';
    });
    const path = join(chosen.dir, chosen.file);
    const noOwner = options.owner === false;
    await restoreInto({ path, content, database, serverMajor: major, emptying, noOwner }, call);
    const found = await comparedWith(chosen.manifest?.contents, { ...call, pool });
    const text = [`restored ${visible(chosen.file)} into ${visible(database)}`, found.text].join('\n');
    await printResult(call, { file: chosen.file, database, differences: found.differences }, text);
    if (found.differences.length > 0) call.terminal.exitCode = EXIT.findings;
  });
}

async function contentOf({ dir, file, manifest }: ChosenBackup, call: RestoreCall): Promise<ReadContent> {
  const content =
    manifest === undefined ? await readBack(join(dir, file), call) : await checkedBackup(dir, manifest, call);
  if (content.format !== 'base') return content;
  throw new CommandError(visible(`${file} is a copy of a whole server: backup pitr restores it`), EXIT.failed);
}

async function createDatabase(call: RestoreCall, database: string): Promise<void> {
  await onOtherDatabase(call, 'postgres', async (pool) => {
    const { rows } = await pool.query<{ sql: string }>(
      `SELECT format('CREATE DATABASE %I TEMPLATE template0', $1::text) AS sql`,
      [database],
    );
    await pool.query(rows[0]?.sql ?? '');
  });
}

function isPopulated(database: string, count: number): CommandError {
  const cure = `take another with --into and --create, or replace everything with --force ${database}`;
  return new CommandError(visible(`${database} is not empty (${count} objects): ${cure}`), EXIT.failed);
}
