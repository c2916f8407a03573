import { setTimeout as sleep } from 'node:timers/promises';
import { codeOf } from '../embedded-postgres-error.js';
import type { HeldServer } from './server.js';

/** `fast`: sessions are cut; `smart`: they may end by themselves for ten seconds; `immediate`: as if it had crashed. */
export type EmbeddedPostgresStopMode = 'fast' | 'smart' | 'immediate';

// https://www.postgresql.org/docs/15/server-shutdown.html
const SIGNALS = { fast: 'SIGINT', smart: 'SIGTERM', immediate: 'SIGQUIT' } as const;

const PATIENCE_MS = 10_000;
const LOOK_EVERY_MS = 10;

/** Resolves when the server is gone, by force if it does not go otherwise. */
export async function stopServer(server: HeldServer, mode: EmbeddedPostgresStopMode): Promise<void> {
  // A server that a test has frozen does not hear anything else.
  signal(server, 'SIGCONT');
  for (const name of [SIGNALS[mode], 'SIGQUIT', 'SIGKILL'] as const) {
    signal(server, name);
    const until = performance.now() + PATIENCE_MS;
    while (server.isRunning() && performance.now() < until) await sleep(LOOK_EVERY_MS);
  }
}

function signal(server: HeldServer, name: NodeJS.Signals): void {
  if (!server.isRunning()) return;
  try {
    process.kill(server.postmaster.pid, name);
  } catch (error) {
    if (codeOf(error) !== 'ESRCH') throw error;
  }
}
