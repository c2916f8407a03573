import { resolve } from 'node:path';
import type { Command } from 'commander';
import { describeConfig, type Config } from '../../index.js';
import { configured, withConfigSource, type ConfigSource } from '../database/configured.js';
import { CommandError } from '../exit-codes.js';
import { printResult } from '../print-result.js';
import type { Terminal } from '../terminal.js';
import { visible } from '../visible.js';

interface PrintOptions extends ConfigSource {
  readonly shell?: true;
  readonly password?: true;
  readonly json?: true;
}

export function config(program: Command, terminal: Terminal): void {
  const group = program
    .command('config')
    .summary('show the settings')
    .description('Shows the settings of the service.');
  withConfigSource(group.command('print'))
    .description('Prints the settings as they are in force. Secrets are ***.')
    .option('--shell', 'the database as shell variables: eval "$(express-runbook config print --shell)"')
    .option('--password', 'the password of the database, and nothing else')
    .option('--json', 'one JSON document on standard output')
    .action((options: PrintOptions) => print(options, terminal));
}

async function print(options: PrintOptions, terminal: Terminal): Promise<void> {
  const { shell, password, json } = options;
  if ([shell, password, json].filter((one) => one === true).length > 1)
    throw new CommandError('say one of --shell, --password and --json');
  const settings = await configured(options, terminal);
  if (password === true) return terminal.print(`${settings.database.password}\n`);
  if (shell === true) return terminal.print(shellText(settings.database, options, terminal));
  const described = describeConfig(settings);
  return printResult({ terminal, options }, described, lines(described, '').join('\n'));
}

function lines(node: object, path: string): string[] {
  return Object.entries(node).flatMap(([key, value]: [string, unknown]) =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? lines(value, `${path}${key}.`)
      : `${path}${key} = ${value === undefined ? '' : visible(JSON.stringify(value))}`,
  );
}

/**
 * Both ways of the runbooks to say where the database is, and libpq's own. The password is not in it: the shell that evaluates it
 * asks this program for it, while DATABASE_URL still is what it was.
 */
function shellText(database: Config['database'], options: PrintOptions, terminal: Terminal): string {
  const { url, host, port, name, user, password } = database;
  const bare = new URL(url);
  bare.password = '';
  bare.searchParams.delete('password');
  const [DB_HOST, DB_PORT, DB_NAME, DB_USER] = [host, String(port), name, user];
  const ours = { DATABASE_URL: bare.href, DB_HOST, DB_PORT, DB_NAME, DB_USER };
  const variables = { ...ours, PGHOST: DB_HOST, PGPORT: DB_PORT, PGDATABASE: DB_NAME, PGUSER: DB_USER };
  const asked = `export DB_PASSWORD="$(${passwordCall(options, terminal)})"\nexport PGPASSWORD="$DB_PASSWORD"\n`;
  return (password === '' ? '' : asked) + Object.entries(variables).map(exported).join('');
}

/** The same settings, wherever the shell has gone meanwhile. */
function passwordCall({ dotenv, profile }: ConfigSource, { program }: Terminal): string {
  const sources = Object.entries({ dotenv, profile }).flatMap(([option, path]) =>
    path === undefined ? [] : [`--${option}`, resolve(path)],
  );
  return [...program, 'config', 'print', '--password', ...sources].map(quoted).join(' ');
}

function exported([name, value]: [string, string]): string {
  return `export ${name}=${quoted(value)}\n`;
}

/** In single quotes nothing means anything to a POSIX shell but the quote itself. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
