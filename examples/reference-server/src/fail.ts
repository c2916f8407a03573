import type { Config } from 'express-runbook';

/** EX_CONFIG of sysexits.h: the process cannot work with this configuration, starting it again will not help. */
const EXIT_CONFIGURATION = 78;

/** A start that cannot succeed for a reason that people can mend; the message says how. */
export class StartError extends Error {
  override readonly name = 'StartError';
}

/** Ends a process that could not start: what is wrong goes to standard error, whole and in plain words. */
export function failStart(error: unknown): never {
  process.stderr.write(`${textOf(error).trimEnd()}\n`);
  process.exit(error instanceof Error && error.name === 'ConfigError' ? EXIT_CONFIGURATION : 1);
}

export function doesNotAnswer({ host, port }: Config['database']): string {
  return (
    `the database that DATABASE_URL or the DB_ variables name does not answer (${host}:${String(port)}). ` +
    'Start it, correct the variables in the environment or in examples/reference-server/.env, or remove them all: ' +
    'then `npm start` at the root of the repository brings a PostgreSQL of its own.'
  );
}

// Worded for people, where they were thrown.
const PLAIN_ERRORS = new Set(['ConfigError', 'StartError', 'MigrationError', 'EmbeddedPostgresError']);

// What `listen` says about an address that it cannot have.
const LISTEN_CURES: Readonly<Record<string, string>> = {
  EADDRINUSE: 'stop what listens there, or set PORT',
  EACCES: 'set PORT to one above 1023, or run with the right to use this one',
  EADDRNOTAVAIL: 'set HOST to an address of this machine',
  ENOTFOUND: 'set HOST to an address of this machine',
};

function textOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const code = 'code' in error ? String(error.code) : '';
  if (code.startsWith('ERR_PARSE_ARGS') || PLAIN_ERRORS.has(error.name)) return error.message;
  const cure = Object.hasOwn(LISTEN_CURES, code) ? LISTEN_CURES[code] : undefined;
  return cure === undefined ? (error.stack ?? error.message) : `${error.message}: ${cure}`;
}
