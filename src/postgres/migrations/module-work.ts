import { pathToFileURL } from 'node:url';
import type { Client } from 'pg';
import { MigrationError, migrationFailure } from './migration-error.js';
import type { ModuleStep } from './migration-files.js';
import type { StepWork } from './step-work.js';

/** What a migration module exports, by name or as its default: the same in CommonJS, ESM and TypeScript. */
export interface MigrationModule {
  up(tools: { client: Client }): Promise<void>;
  /** Without it the migration cannot be reverted. */
  down?(tools: { client: Client }): Promise<void>;
  /** `false`: each query commits by itself, for what cannot run in a transaction. */
  transaction?: boolean;
}

/** Loads the module; Node decides whether it can read TypeScript (22.18 and later can, or a loader such as tsx). */
export async function moduleWork(client: Client, { path, verb }: ModuleStep): Promise<StepWork> {
  const { [verb]: step, transaction } = await load(path);
  if (typeof step !== 'function') throw noSuchStep(path, verb);
  return {
    path,
    mode: transaction === false ? 'none' : 'wrapped',
    run: async () => {
      try {
        await step({ client });
      } catch (error) {
        throw migrationFailure(path, error);
      }
    },
  };
}

async function load(path: string): Promise<Partial<MigrationModule>> {
  try {
    const module = (await import(pathToFileURL(path).href)) as { default?: unknown };
    const { default: whole } = module;
    const exported: unknown = typeof whole === 'object' && whole !== null ? whole : module;
    // What it exports is checked by whoever uses it.
    return exported as Partial<MigrationModule>;
  } catch (error) {
    const isUnreadable = (error as NodeJS.ErrnoException).code === 'ERR_UNKNOWN_FILE_EXTENSION';
    const cure = `Node ${process.versions.node} does not load TypeScript: use 22.18 or later, or compile it and give the folder with the .js files`;
    throw isUnreadable ? migrationFailure(path, new Error(cure, { cause: error })) : migrationFailure(path, error);
  }
}

function noSuchStep(path: string, verb: 'up' | 'down'): MigrationError {
  return verb === 'down'
    ? new MigrationError(
        'ERR_MIGRATION_NO_ROLLBACK',
        `${path} exports no function down; write it, or undo it by a new migration`,
      )
    : new MigrationError(
        'ERR_MIGRATION_FAILED',
        `${path} must export a function up: export async function up({ client }) { … }`,
      );
}
