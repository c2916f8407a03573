import type { Command } from 'commander';
import type { Terminal } from '../../terminal.js';
import { base } from './base.js';
import { create } from './create.js';
import { drill } from './drill.js';
import { list } from './list.js';
import { pitr } from './pitr/index.js';
import { prune } from './prune.js';
import { restore } from './restore.js';
import { verify } from './verify.js';

const EXPLAINED = `
Backups are in BACKUP_DIR, or where --dir says. Each has a manifest beside it, with its checksum and what was in the database.
Exit codes: 0 done, 1 findings, refused or failed, 2 wrong usage or settings, 130 interrupted.`;

export function backup(program: Command, terminal: Terminal): void {
  const group = program
    .command('backup')
    .summary('make backups, and prove them by restoring')
    .description(
      'Makes backups of the database that DATABASE_URL or the DB_ variables name, and proves them by restoring.',
    )
    .addHelpText('after', EXPLAINED);
  for (const add of [create, list, verify, restore, drill, prune, base, pitr]) add(group, terminal);
}
