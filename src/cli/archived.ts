import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { CommandError, EXIT } from './exit-codes.js';
import { visible } from './visible.js';

/** Hands files to a program of the operator's, which has taken them when it ends with 0. `they` are what stays otherwise. */
export async function archived(program: string, paths: readonly string[], they: string): Promise<void> {
  const child = spawn(program, [...paths], { stdio: ['ignore', 2, 2] });
  const [code] = (await once(child, 'exit').catch((error: unknown) => [String(error)])) as [number | string | null];
  if (code === 0) return;
  throw new CommandError(visible(`${program} has not taken them (${String(code)}): all ${they} stay`), EXIT.failed);
}
