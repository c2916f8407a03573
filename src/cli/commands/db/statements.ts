import { visible } from '../../visible.js';
import type { DatabaseCall } from '../../database/on-database.js';
import { withClient } from '../../database/with-client.js';
import { printResult } from '../../print-result.js';

const PROGRESS_EVERY_MS = 5000;

/**
 * Runs statements that cannot stand in a transaction, each by itself (several in one message would be one), and says every five
 * seconds that it still does. With --dry-run it only shows them.
 */
export async function runStatements(
  call: DatabaseCall<{ readonly dryRun?: true }>,
  statements: readonly string[],
): Promise<void> {
  if (call.options.dryRun === true)
    return printResult(call, { wouldRun: statements }, statements.map(shown).join('\n'));
  await withClient(call, async (client) => {
    for (const statement of statements) {
      call.signal.throwIfAborted();
      const startedAt = performance.now();
      const timer = setInterval(() => {
        const seconds = Math.round((performance.now() - startedAt) / 1000);
        call.terminal.complain(`still running after ${seconds} s: ${visible(statement)}\n`);
      }, PROGRESS_EVERY_MS);
      try {
        await client.query(statement);
      } finally {
        clearInterval(timer);
      }
    }
  });
  return printResult(
    call,
    { ran: statements },
    statements.map((statement) => `done: ${visible(statement)}`).join('\n'),
  );
}

function shown(statement: string): string {
  return `would run: ${visible(statement)}`;
}
