import type { Command } from 'commander';
import type { Terminal } from '../../../terminal.js';
import { check } from './check.js';
import { recover } from './recover.js';
import { settings } from './settings.js';

const EXPLAINED = `
Once: backup pitr settings says what postgresql.conf needs, backup base copies the server, backup pitr check proves that WAL is
archived. In need: backup pitr recover --to "2024-11-06 12:00:00" --into <new folder>. The archive is wal in the folder of the
backups, or where --wal says; the account of the server must be able to read and write it.
Exit codes: 0 done, 1 findings, refused or failed, 2 wrong usage or settings, 130 interrupted.`;

export function pitr(group: Command, terminal: Terminal): void {
  const pitrGroup = group
    .command('pitr')
    .summary('give back the state of a moment, from a base backup and archived WAL')
    .description('Gives back the state of a moment (point-in-time recovery), from a base backup and archived WAL.')
    .addHelpText('after', EXPLAINED);
  for (const add of [settings, check, recover]) add(pitrGroup, terminal);
}
