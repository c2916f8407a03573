import type { Account } from './installation/account.js';
import type { EmbeddedPostgresSettings } from './options.js';

/** Where a server is to run, for whom, and how. */
export interface Place {
  /** Folder of the programs. */
  readonly bin: string;
  readonly dataDir: string;
  readonly isTemporary: boolean;
  readonly account: Account | undefined;
  /** Our name among those who use the server. */
  readonly holder: string;
  readonly settings: EmbeddedPostgresSettings;
}
