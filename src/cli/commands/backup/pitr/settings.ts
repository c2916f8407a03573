import type { Command } from 'commander';
import { archiveFolders, withArchive, type ArchiveOptions } from '../../../backup/pitr/archive-folder.js';
import { archiveCommand, settingText } from '../../../backup/pitr/wal-archive.js';
import { configured, withConfigSource } from '../../../database/configured.js';
import { wholeNumber } from '../../../option-values.js';
import { printResult } from '../../../print-result.js';
import type { Terminal } from '../../../terminal.js';

interface SettingsOptions extends ArchiveOptions {
  readonly every?: number;
  readonly json?: true;
}

const HOUR_S = 3600;

export function settings(group: Command, terminal: Terminal): void {
  withArchive(withConfigSource(group.command('settings')))
    .description(
      'Prints the lines of postgresql.conf that have the server archive its WAL. A new archive_mode needs a restart.',
    )
    .option(
      '--every <seconds>',
      `most that can be lost, in a quiet hour, too (default: ${HOUR_S})`,
      wholeNumber(1, 24 * HOUR_S),
    )
    .option('--json', 'one JSON document on standard output')
    .action(async (options: SettingsOptions) => {
      const { wal } = archiveFolders(options, (await configured(options, terminal)).backupDir);
      const lines = {
        wal_level: 'replica',
        archive_mode: 'on',
        archive_timeout: `${options.every ?? HOUR_S}s`,
        archive_command: archiveCommand(wal),
      };
      const text = Object.entries(lines).map(([name, value]) => settingText(name, value));
      await printResult({ terminal, options }, lines, text.join('\n'));
    });
}
