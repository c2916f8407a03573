import type { Command } from 'commander';
import { confirm } from '../../confirm.js';
import { onDatabase, type DatabaseCall } from '../../database/on-database.js';
import type { Client } from '../../database/with-client.js';
import { CommandError, EXIT } from '../../exit-codes.js';
import { printResult } from '../../print-result.js';
import type { Terminal } from '../../terminal.js';
import { visible } from '../../visible.js';

interface KillOptions {
  readonly cancel?: true;
  readonly yes?: true;
  readonly dryRun?: true;
}

interface Session {
  readonly application: string;
  readonly state: string | null;
  readonly query: string;
}

const PID = /^[1-9]\d{0,9}$/;

export function kill(group: Command, terminal: Terminal): void {
  const command = group
    .command('kill')
    .description('Ends a session of this database; db activity and db locks tell its pid. Asks first.')
    .argument('<pid>', 'process id of the session')
    .option('--cancel', 'end the statement that runs, and let the session live')
    .option('--yes', 'do not ask')
    .option('--dry-run', 'say which session it is, and leave it alone');
  onDatabase(command, terminal, end);
}

async function end(call: DatabaseCall<KillOptions>): Promise<void> {
  const [pid = ''] = call.args;
  if (!PID.test(pid)) throw new CommandError(`${visible(pid)} is no process id`);
  const { cancel, yes, dryRun } = call.options;
  // One statement each, which goes through any pooler.
  const session = await sessionOf(call.pool, pid);
  const what = `${cancel === true ? 'cancel the statement of' : 'end'} session ${pid} (${describe(session)})`;
  if (dryRun === true) return printResult(call, { pid: Number(pid), ...session }, `would ${what}`);
  await confirm(call, `this will ${what}`, pid, yes === true);
  const verb = cancel === true ? 'pg_cancel_backend' : 'pg_terminate_backend';
  const { rows } = await call.pool.query<{ isEnded: boolean }>(`SELECT ${verb}($1::int) AS "isEnded"`, [pid]);
  if (rows[0]?.isEnded !== true) throw new CommandError(`session ${pid} is gone already`, EXIT.failed);
  return printResult(call, { pid: Number(pid), ended: cancel === true ? 'statement' : 'session' }, `done: ${what}`);
}

/** A number that is no session of this database is left alone, whatever it is. */
async function sessionOf(database: Client, pid: string): Promise<Session> {
  const { rows } = await database.query<Session>(
    `SELECT application_name AS application, state, query FROM pg_stat_activity
     WHERE pid = $1::bigint AND datname = current_database() AND backend_type = 'client backend'`,
    [pid],
  );
  if (rows[0] === undefined) throw new CommandError(`there is no session ${pid} of this database`, EXIT.failed);
  return rows[0];
}

function describe({ application, state, query }: Session): string {
  return visible(`${application}, ${state ?? 'unknown'}: ${query.slice(0, 80)}`);
}
