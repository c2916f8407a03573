import type { Postmaster } from './postmaster.js';

/** How the server ended, as far as this process can know: one that it did not start is only seen to be gone. */
export interface EmbeddedPostgresExit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** `fast`: sessions are cut, data written; `smart`: sessions may end by themselves; `immediate`: as after a crash. */
export type StopMode = 'fast' | 'smart' | 'immediate';

/** A server that runs, and that we hold. */
export interface Server {
  readonly postmaster: Postmaster;
  readonly isShared: boolean;
  readonly exit: Promise<EmbeddedPostgresExit>;
  readonly hasExited: () => boolean;
  readonly signal: (name: NodeJS.Signals) => void;
  readonly callOffWatchdog: () => void;
}
