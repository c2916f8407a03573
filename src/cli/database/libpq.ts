import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { constants } from 'node:os';
import type { Config } from '../../index.js';
import { CommandError, EXIT } from '../exit-codes.js';
import type { Terminal } from '../terminal.js';
import { visible } from '../visible.js';

const SIGNALED = 128;
/** Files that a URL may name (https://www.postgresql.org/docs/current/libpq-connect.html). */
const SSL_FILES = ['sslrootcert', 'sslcert', 'sslkey'];

/**
 * Runs psql, or another program of libpq, on the database; gives its exit code. Where to connect goes by the environment:
 * arguments of a process can be read by everybody on the machine.
 */
export async function runLibpq(
  program: string,
  args: readonly string[],
  { database }: Config,
  terminal: Terminal,
): Promise<number> {
  const env = { ...terminal.env, ...libpqVariables(database) };
  // Ctrl-C is for the program; psql cancels the statement and goes on.
  const ignore = (): void => undefined;
  let child: ChildProcess | undefined;
  const passOn = (name: NodeJS.Signals): void => void child?.kill(name);
  process.on('SIGINT', ignore).on('SIGTERM', passOn).on('SIGHUP', passOn);
  try {
    child = spawn(program, [...args], { stdio: 'inherit', env });
    const [code, signal] = (await once(child, 'exit')) as [number | null, NodeJS.Signals | null];
    // As shells tell it; one of the two is there.
    return code ?? SIGNALED + constants.signals[signal ?? 'SIGKILL'];
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'ENOENT' && code !== 'EACCES') throw error;
    const cure = 'the programs of PostgreSQL are in postgresql-client on Debian';
    throw new CommandError(`cannot run ${visible(program)} (${code}); ${cure}`, EXIT.failed);
  } finally {
    process.off('SIGINT', ignore).off('SIGTERM', passOn).off('SIGHUP', passOn);
  }
}

/** Where to connect, and as whom. */
export function libpqVariables({
  url,
  host,
  port,
  name,
  user,
  password,
  ssl,
}: Config['database']): Record<string, string> {
  const parameters = new URL(url).searchParams;
  const mode = parameters.get('sslmode') ?? (ssl ? 'require' : 'prefer');
  const files = SSL_FILES.map((file) => [`PG${file.toUpperCase()}`, parameters.get(file) ?? ''] as const);
  const address = {
    PGHOST: host,
    PGPORT: String(port),
    PGDATABASE: name,
    PGSSLMODE: mode,
    ...Object.fromEntries(files),
  };
  // An empty one would count as said.
  return Object.fromEntries(
    Object.entries({ ...address, PGUSER: user, PGPASSWORD: password }).filter(([, said]) => said !== ''),
  );
}
