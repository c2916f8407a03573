import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { CommandError, EXIT } from './exit-codes.js';
import { visible } from './visible.js';

/** What a module exports as its default, or as the whole of a CommonJS module. */
export async function defaultExport(path: string): Promise<unknown> {
  try {
    const { default: whole } = (await import(pathToFileURL(resolve(path)).href)) as { default?: unknown };
    // Compiled to CommonJS, a default export is a property of the whole.
    return typeof whole === 'object' && whole !== null && 'default' in whole ? whole.default : whole;
  } catch (error) {
    throw notLoaded(path, error);
  }
}

export function notLoaded(path: string, error: unknown): CommandError {
  const reason = error instanceof Error ? error.message : String(error);
  return new CommandError(visible(`cannot load ${path}: ${reason}`), EXIT.failed);
}
