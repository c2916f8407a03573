import { execFile } from 'node:child_process';
import { readdir } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { CommandError, EXIT } from '../exit-codes.js';
import { visible } from '../visible.js';

/** A program of PostgreSQL that is installed. */
export interface Tool {
  readonly path: string;
  /** As in 15.18. */
  readonly version: string;
  readonly major: number;
}

/** Where Debian puts them, one folder per version, without a link on PATH for all of them. */
const DEBIAN = '/usr/lib/postgresql';
const ASK_TIMEOUT_MS = 10_000;
const VERSION = /\(PostgreSQL\) ((\d+)[^\s]*)/;
/** What is in the package of the server, not in that of the clients. */
const OF_SERVER = new Set(['pg_verifybackup', 'pg_basebackup', 'postgres', 'initdb', 'pg_ctl', 'pg_waldump']);

const run = promisify(execFile);

interface Wanted {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly atLeastMajor: number;
  /** What is wrong with an older one: "pg_dump 15.18 is …". */
  readonly need?: string;
}

/**
 * Finds the program on PATH and in Debian's folders: the one of the server's own version, else the newest. An older one
 * refuses the server; a newer one works, but may write what that server does not understand.
 */
export async function findTool(
  name: string,
  { env, atLeastMajor, need = `older than the server, which is PostgreSQL ${atLeastMajor}` }: Wanted,
): Promise<Tool> {
  const found = await Promise.all((await placesOf(env)).map((folder) => toolAt(join(folder, name))));
  const tools = found.filter((tool) => tool !== undefined).sort((one, other) => other.major - one.major);
  const fitting = tools.filter(({ major }) => major >= atLeastMajor);
  const best = fitting.find(({ major }) => major === atLeastMajor) ?? fitting[0];
  if (best !== undefined) return best;
  throw new CommandError(visible(missing(name, atLeastMajor, need, tools[0])), EXIT.failed);
}

async function placesOf({ PATH = '' }: Readonly<Record<string, string | undefined>>): Promise<string[]> {
  const onPath = PATH.split(delimiter).filter((folder) => folder !== '');
  // Nothing of Debian on this machine.
  const versions = await readdir(DEBIAN).catch(() => []);
  return [...new Set([...onPath, ...versions.map((version) => join(DEBIAN, version, 'bin'))])];
}

async function toolAt(path: string): Promise<Tool | undefined> {
  try {
    const { stdout } = await run(path, ['--version'], { timeout: ASK_TIMEOUT_MS });
    const [, version, major] = VERSION.exec(stdout) ?? [];
    return version === undefined ? undefined : { path, version, major: Number(major) };
  } catch {
    // Not there, or not to be run: the search goes on.
    return undefined;
  }
}

function missing(name: string, atLeastMajor: number, need: string, newest: Tool | undefined): string {
  const kind = OF_SERVER.has(name) ? 'postgresql' : 'postgresql-client';
  const what =
    newest === undefined
      ? `${name} is not installed (looked on PATH and in ${DEBIAN}/*/bin)`
      : `${name} ${newest.version} (${newest.path}) is ${need}`;
  const packages = `apt-get install ${kind}-${atLeastMajor} (from https://wiki.postgresql.org/wiki/Apt when Debian has none)`;
  return `${what}. Install version ${atLeastMajor} or newer: ${packages}, brew install postgresql@${atLeastMajor}`;
}
