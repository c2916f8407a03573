import { spawnSync } from 'node:child_process';

interface RealTool {
  /** For `it.skipIf(!tool.isInstalled)`. */
  readonly isInstalled: boolean;
  /** Runs it and gives what it printed, standard output first; throws only when it could not be run at all. */
  exec(args: readonly string[], input?: string): string;
}

/**
 * A program that proofs are run with. With `REQUIRE_REAL_TOOLS=1` (continuous integration) a missing one is an error: a
 * proof that is skipped there proves nothing.
 */
export function requireTool(name: string): RealTool {
  const isInstalled = spawnSync('sh', ['-c', 'command -v "$1"', 'sh', name]).status === 0;
  if (!isInstalled && process.env.REQUIRE_REAL_TOOLS === '1') {
    throw new Error(`${name} is not installed, and REQUIRE_REAL_TOOLS=1 wants it`);
  }
  return {
    isInstalled,
    exec(args, input = '') {
      const { error, stdout, stderr } = spawnSync(name, args, { input, encoding: 'utf8' });
      if (error !== undefined) throw error;
      return stdout + stderr;
    },
  };
}
