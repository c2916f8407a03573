import type { Config } from '../../index.js';
import { CommandError, EXIT } from '../exit-codes.js';
import { visible } from '../visible.js';

const AWAY = new Set(['ERR_POOL_CONNECTION_LOST', 'ERR_POOL_CONNECT_TIMEOUT']);
const SQLSTATE = /^[0-9A-Z]{5}$/;

/** What the database, or the way to it, says becomes a message for people; anything else is a mistake of ours. */
export function inWords(error: unknown, { host, port }: Config['database']): unknown {
  if (!(error instanceof Error) || error instanceof CommandError) return error;
  const code = 'code' in error ? String(error.code) : '';
  if (AWAY.has(code)) {
    const cure = 'start it, or correct the variables in the environment or in .env';
    const which = 'the database that DATABASE_URL or the DB_ variables name';
    return failed(`${which} does not answer (${visible(host)}:${port}). ${cure}: ${error.message}`);
  }
  if (code === 'ERR_MODULE_NOT_FOUND' && error.message.includes("'pg'"))
    return failed('pg is not installed: npm install pg');
  const isOurs = error.name === 'MigrationError' || error.name === 'PoolError' || error.name === 'ConfigError';
  return isOurs || SQLSTATE.test(code) ? failed(error.message) : error;
}

function failed(message: string): CommandError {
  return new CommandError(visible(message), EXIT.failed);
}
