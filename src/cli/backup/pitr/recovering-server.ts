import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Config } from '../../../index.js';
import { CommandError, EXIT } from '../../exit-codes.js';
import { visible } from '../../visible.js';
import type { Tool } from '../tools.js';
import type { ServerAccount } from './server-account.js';

export interface Recovered {
  /** Time of the last transaction that the recovery has applied; nothing when there was none. */
  readonly lastTransactionAt: string | null;
  readonly databases: readonly string[];
}

interface RecoveryCall {
  readonly folder: string;
  readonly postgres: Tool;
  readonly account: ServerAccount | undefined;
  readonly database: Config['database'];
  readonly signal: AbortSignal;
  /** Who may log in, beside what the folder says. */
  readonly hbaFile: string;
}

/** Runs the server for as long as our end of its standard input is open: killed or not, we leave none behind. */
const WATCHED = 'exec 3<&0; "$@" & server=$!; { cat <&3; kill -INT $server; } >/dev/null 2>&1 & wait $server';
const LOOK_EVERY_MS = 100;
const CONNECT_MS = 5_000;
const PATIENCE_MS = 30_000;
const MAX_LOG = 16_384;
const LOST = `SELECT pg_is_in_recovery() AS recovering, pg_last_xact_replay_timestamp() AS at,
  ARRAY(SELECT datname::text FROM pg_database WHERE datallowconn AND NOT datistemplate ORDER BY 1) AS databases`;

/**
 * Starts the server on a port of 127.0.0.1 that nobody knows, waits for as long as it recovers, asks it how far it got, and
 * stops it in order. Rejects with the server's own words when it does not get there.
 */
export async function recovered(call: RecoveryCall): Promise<Recovered> {
  const port = await freePort();
  const server = spawnServer(call, port);
  let log = '';
  server.stderr?.setEncoding('utf8').on('data', (text: string) => {
    log = (log + text).slice(-MAX_LOG);
  });
  const ended = once(server, 'exit').catch((error: unknown) => {
    log += String(error);
  });
  try {
    for (;;) {
      const answer = await answerOf(call, port);
      if (answer !== undefined) return answer;
      if (!isRunning(server)) {
        await ended;
        throw new CommandError(visible(`the server did not recover: ${lastWords(log)}${cureOf(log)}`), EXIT.failed);
      }
      await sleep(LOOK_EVERY_MS, undefined, { signal: call.signal });
    }
  } finally {
    await stopped(server, ended);
  }
}

function spawnServer({ folder, postgres, account, hbaFile }: RecoveryCall, port: number): ChildProcess {
  const settings = {
    listen_addresses: '127.0.0.1',
    port,
    unix_socket_directories: '',
    hba_file: hbaFile,
    ssl: 'off',
    logging_collector: 'off',
    log_destination: 'stderr',
    lc_messages: 'C',
    autovacuum: 'off',
  };
  const flags = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const who = account === undefined ? {} : { uid: account.uid, gid: account.gid };
  return spawn('sh', ['-c', WATCHED, 'sh', postgres.path, '-D', folder, ...flags], {
    cwd: folder,
    env: { PATH: '/usr/bin:/bin', LC_ALL: 'C', HOME: folder },
    // Ctrl-C on a terminal is for us, and we end it in order.
    detached: true,
    stdio: ['pipe', 'ignore', 'pipe'],
    ...who,
  });
}

/** Nothing as long as it does not let anybody in: with hot_standby off that is until the recovery is over. */
async function answerOf({ database }: RecoveryCall, port: number): Promise<Recovered | undefined> {
  const { createPool } = await import('../../../postgres/index.js');
  const url = new URL(database.url);
  Object.assign(url, { host: `127.0.0.1:${port}`, search: '' });
  const pool = createPool({ connectionString: url.href, ssl: false, max: 1, connectionTimeoutMs: CONNECT_MS });
  try {
    const { rows } = await pool.query<{ recovering: boolean; at: Date | null; databases: string[] }>(LOST);
    const [row] = rows;
    if (row === undefined || row.recovering) return undefined;
    return { lastTransactionAt: row.at?.toISOString() ?? null, databases: row.databases };
  } catch (error) {
    const { code = '', message } = error as NodeJS.ErrnoException;
    // cannot_connect_now, or nobody listens yet.
    if (code === '57P03' || code.startsWith('ERR_POOL_') || code.startsWith('ECONN')) return undefined;
    throw new CommandError(visible(`the recovered server lets nobody in: ${message}`), EXIT.failed);
  } finally {
    await pool.close({ timeoutMs: CONNECT_MS });
  }
}

/** In order, or else by force: all of its group. */
async function stopped(server: ChildProcess, ended: Promise<unknown>): Promise<void> {
  server.stdin?.end();
  await Promise.race([ended, sleep(PATIENCE_MS, undefined, { ref: false })]);
  if (isRunning(server) && server.pid !== undefined) process.kill(-server.pid, 'SIGKILL');
  await ended;
}

function isRunning({ pid, exitCode, signalCode }: ChildProcess): boolean {
  return pid !== undefined && exitCode === null && signalCode === null;
}

// A file that is not in the archive is how it finds the end of it.
const PROBLEM = /FATAL|PANIC|ERROR|could not|denied|HINT/;

/** What it says that it could not; the rest is how it got there. */
function lastWords(log: string): string {
  const lines = log.trim().split('\n');
  const problems = lines.filter((line) => PROBLEM.test(line) && !line.includes('not accepting connections'));
  return (problems.length > 0 ? problems : lines).slice(-5).join('; ');
}

function cureOf(log: string): string {
  if (!log.includes('recovery ended before configured recovery target was reached')) return '';
  return '. Nothing in the archive is younger than that moment: --to latest gives back all that is there';
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  // A string only for a Unix socket, null only before listening.
  const { port } = probe.address() as AddressInfo;
  probe.close();
  await once(probe, 'close');
  return port;
}
