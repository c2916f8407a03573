import type { Command } from 'commander';
import { withConfigSource, type ConfigSource } from '../database/configured.js';
import { said } from '../option-values.js';

export interface FolderOptions extends ConfigSource {
  readonly dir?: string;
}

/** Adds the options that say where backups are, and where settings are read from. */
export function withBackupFolder(command: Command): Command {
  return withFolder(withConfigSource(command));
}

/** For a command that reads its settings by `onDatabase`. */
export function withFolder(command: Command): Command {
  return command.option('--dir <folder>', 'folder of the backups (default: BACKUP_DIR)', said);
}
