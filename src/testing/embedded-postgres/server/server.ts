import type { Postmaster } from '../folder/postmaster.js';

/** How the server ended. Both are null when another process had started it: then it is only seen to be gone. */
export interface EmbeddedPostgresExit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** A server that is ready and that we hold: nobody stops it before we let it go. */
export interface HeldServer {
  readonly postmaster: Postmaster;
  /** Whether another process had started it. */
  readonly isShared: boolean;
  readonly exit: Promise<EmbeddedPostgresExit>;
  isRunning(): boolean;
  /** Ends what watches over it: to be called once it is stopped, or left to others. */
  release(): void;
}
