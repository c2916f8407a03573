import type { Command } from 'commander';
import { describeConfig, type Config } from '../../index.js';
import { configured, withConfigSource, type ConfigSource } from '../database/configured.js';
import { CommandError } from '../exit-codes.js';
import { printResult } from '../print-result.js';
import type { Terminal } from '../terminal.js';
import { visible } from '../visible.js';

interface PrintOptions extends ConfigSource {
  readonly shell?: true;
  readonly json?: true;
}

export function config(program: Command, terminal: Terminal): void {
  const group = program
    .command('config')
    .summary('show the settings')
    .description('Shows the settings of the service.');
  withConfigSource(group.command('print'))
    .description('Prints the settings as they are in force. Secrets are ***.')
    .option(
      '--shell',
      'the database as shell variables, without its password: eval "$(express-runbook config print --shell)"',
    )
    .option('--json', 'one JSON document on standard output')
    .action((options: PrintOptions) => print(options, terminal));
}

async function print(options: PrintOptions, terminal: Terminal): Promise<void> {
  const settings = await configured(options, terminal);
  if (options.shell !== true) {
    const described = describeConfig(settings);
    return printResult({ terminal, options }, described, lines(described, '').join('\n'));
  }
  if (options.json === true) throw new CommandError('say either --shell or --json');
  terminal.complain('the password is left out: psql takes it from ~/.pgpass or PGPASSWORD\n');
  return terminal.print(Object.entries(shellVariables(settings.database)).map(exported).join(''));
}

function lines(node: object, path: string): string[] {
  return Object.entries(node).flatMap(([key, value]: [string, unknown]) =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? lines(value, `${path}${key}.`)
      : `${path}${key} = ${value === undefined ? '' : visible(JSON.stringify(value))}`,
  );
}

/** Both ways of the runbooks to say where the database is, and libpq's own. */
function shellVariables({ url, host, port, name, user }: Config['database']): Record<string, string> {
  const bare = new URL(url);
  bare.password = '';
  bare.searchParams.delete('password');
  const [DB_HOST, DB_PORT, DB_NAME, DB_USER] = [host, String(port), name, user];
  const ours = { DATABASE_URL: bare.href, DB_HOST, DB_PORT, DB_NAME, DB_USER };
  return { ...ours, PGHOST: DB_HOST, PGPORT: DB_PORT, PGDATABASE: DB_NAME, PGUSER: DB_USER };
}

/** In single quotes nothing means anything to a POSIX shell but the quote itself. */
function exported([name, value]: [string, string]): string {
  return `export ${name}='${value.replaceAll("'", `'\\''`)}'\n`;
}
