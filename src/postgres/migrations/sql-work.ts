import type { Client } from 'pg';
import { migrationFailure } from './migration-error.js';
import type { SqlStep } from './migration-files.js';
import { statementsOf, transactionModeOf } from './sql-statements.js';
import type { StepWork } from './step-work.js';

/** A file that wants no transaction runs statement by statement: Postgres treats several in one message as one. */
export function sqlWork(client: Client, { path, sql }: SqlStep, signal: AbortSignal | undefined): StepWork {
  const mode = transactionModeOf(sql);
  const statements = mode === 'none' ? statementsOf(sql) : [{ text: sql, startsAt: 0 }];
  return {
    path,
    mode,
    async run() {
      for (const { text, startsAt } of statements) {
        signal?.throwIfAborted();
        await runText(client, path, text, startsAt, sql);
      }
    },
  };
}

async function runText(client: Client, path: string, text: string, startsAt: number, sql: string): Promise<void> {
  try {
    await client.query(text);
  } catch (error) {
    const position = Number((error as { position?: string }).position ?? 0);
    const line = position > 0 || startsAt > 0 ? `:${lineOf(sql, startsAt + Math.max(0, position - 1))}` : '';
    throw migrationFailure(`${path}${line}`, error);
  }
}

function lineOf(sql: string, at: number): number {
  return sql.slice(0, at).split('\n').length;
}
