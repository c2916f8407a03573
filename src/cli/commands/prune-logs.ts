import { lstat, rm } from 'node:fs/promises';
import type { Command } from 'commander';
import { EXPIRED_LOG_FILES_DEFAULTS, expiredLogFiles, type ExpiredLogFile } from '../../index.js';
import { archived } from '../archived.js';
import { configured, withConfigSource, type ConfigSource } from '../database/configured.js';
import { CommandError, EXIT } from '../exit-codes.js';
import { said, wholeNumber } from '../option-values.js';
import { printResult } from '../print-result.js';
import type { Terminal } from '../terminal.js';
import { visible } from '../visible.js';

interface PruneLogsOptions extends ConfigSource {
  readonly dir?: string;
  readonly auditDir?: string;
  readonly appDays?: number;
  readonly errorDays?: number;
  readonly auditDays?: number;
  readonly archiveWith?: string;
  readonly dryRun?: true;
  readonly json?: true;
}

const { appDays, errorDays, auditDays } = EXPIRED_LOG_FILES_DEFAULTS;
const days = wholeNumber(1, 36_500);

const EXPLAINED = `
Only what rotation has put aside goes, as app.log.3.gz or error.log-20261020, by the time of its last line. Files in use and links stay.`;

export function pruneLogs(program: Command, terminal: Terminal): void {
  withConfigSource(program.command('prune-logs'))
    .summary('remove log files whose time is over, after they were archived')
    .description('Removes rotated log files whose time is over; --archive-with hands them to a program of yours first.')
    .option('--dir <folder>', 'folder of the log files (default: LOG_DIR)', said)
    .option('--audit-dir <folder>', 'folder of the audit log (default: LOG_AUDIT_DIR, or audit in that folder)', said)
    .option('--app-days <days>', `how long everything and the requests are kept (default: ${appDays})`, days)
    .option('--error-days <days>', `how long errors are kept (default: ${errorDays})`, days)
    .option('--audit-days <days>', `how long the audit log is kept (default: ${auditDays}, seven years)`, days)
    .option('--archive-with <program>', 'is called with their paths before they go; when it fails, all stay', said)
    .option('--dry-run', 'say what would go, and remove nothing')
    .option('--json', 'one JSON document on standard output')
    .addHelpText('after', EXPLAINED)
    .action((options: PruneLogsOptions) => run(options, terminal));
}

async function run(options: PruneLogsOptions, terminal: Terminal): Promise<void> {
  const files = await expiredFiles(options, terminal);
  const paths: string[] = [];
  if (options.dryRun !== true && options.archiveWith !== undefined && files.length > 0) {
    const all = files.map(({ path }) => path);
    await archived(options.archiveWith, all, 'log files');
  }
  for (const file of files) if (options.dryRun === true || (await removed(file))) paths.push(file.path);
  const verb = options.dryRun === true ? 'would remove' : 'removed';
  const lines = paths.map((path) => `${verb} ${visible(path)}`);
  await printResult({ terminal, options }, { removed: paths }, lines.join('\n') || 'no log file has had its time');
}

async function expiredFiles(options: PruneLogsOptions, terminal: Terminal): Promise<readonly ExpiredLogFile[]> {
  const { log } = await configured(options, terminal);
  const dir = options.dir ?? log.dir;
  if (dir === undefined) throw new CommandError('there are no log files: LOG_DIR is not set. --dir names their folder');
  // Another folder has its own audit log, not that of the settings.
  const auditDir = options.auditDir ?? (options.dir === undefined ? log.auditDir : undefined);
  const kept = { appDays: options.appDays, errorDays: options.errorDays, auditDays: options.auditDays };
  return expiredLogFiles({ dir, appFile: log.appFile, auditDir, ...kept }, Date.now()).catch(inOwnWords);
}

/** Rotation may have given the name to a younger file while the others were archived, or have taken it away. */
async function removed({ path, lastWrittenAt }: ExpiredLogFile): Promise<boolean> {
  const there = await lstat(path).catch(() => undefined);
  if (there?.mtime.toISOString() !== lastWrittenAt) return false;
  await rm(path, { force: true }).catch(inOwnWords);
  return true;
}

function inOwnWords(error: unknown): never {
  const { code, syscall, path = '' } = error as NodeJS.ErrnoException;
  if (code === undefined || syscall === undefined) throw error;
  const what = syscall === 'scandir' ? 'read the folder' : 'remove';
  throw new CommandError(visible(`cannot ${what} ${path} (${code})`), EXIT.failed);
}
