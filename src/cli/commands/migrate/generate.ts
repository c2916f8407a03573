import { readFile } from 'node:fs/promises';
import type { Command } from 'commander';
import { confirm } from '../../confirm.js';
import { onDatabase, type DatabaseCall } from '../../database/on-database.js';
import { CommandError, EXIT } from '../../exit-codes.js';
import { said } from '../../option-values.js';
import { peopleLogger } from '../../people-logger.js';
import { printResult } from '../../print-result.js';
import { compare, type Comparison } from '../../schema/compared.js';
import { migrationTexts } from '../../schema/migration-texts.js';
import { tellForgotten } from '../../schema/scratch.js';
import { refuseServerWide } from '../../schema/server-wide.js';
import { tableText } from '../../table-text.js';
import type { Terminal } from '../../terminal.js';
import { visible } from '../../visible.js';
import { migratorOf, withMigrationSource, type MigrationSource } from './migrator-of.js';
import { dirOf, freeNames, nameOf, sqlPair, writeFiles } from './new-files.js';

interface GenerateOptions extends MigrationSource {
  readonly schema?: string;
  readonly check?: true;
  readonly serverWide?: true;
  readonly dryRun?: true;
  readonly yes?: true;
}

type GenerateCall = DatabaseCall<GenerateOptions>;

const SCHEMA_FILE = 'schema.sql';
const MIGRATIONS_TABLE = 'schema_migrations';

export function generate(group: Command, terminal: Terminal): void {
  const command = withMigrationSource(group.command('generate'))
    .description(
      'Writes the migration, and its rollback, that leads from what the migrations build to what the schema file says. Compares two databases that are made for it and dropped; the real one is left alone.',
    )
    .argument('[name]', 'as with create; none with --check')
    .option('--schema <file>', `SQL that builds what is wanted (default: ${SCHEMA_FILE})`, said)
    .option('--check', 'write nothing, and exit with 1 when they differ')
    .option('--server-wide', 'run files that change roles, databases or settings of the whole server, too')
    .option('--yes', 'do not ask before writing what loses data')
    .option('--dry-run', 'show the migration, and write nothing');
  onDatabase(command, terminal, run);
}

async function run(call: GenerateCall): Promise<void> {
  const [given] = call.args;
  const { check, dryRun, table = MIGRATIONS_TABLE } = call.options;
  if ((check === true) === (given !== undefined)) throw new CommandError('say a name for the migration, or --check');
  if (check === true && dryRun === true) throw new CommandError('say either --check or --dry-run');
  const name = given === undefined ? '' : nameOf(given);
  const dir = dirOf(given ?? '', call.options.dir);
  const [schemaPath, schemaText] = await schemaFile(call, dir);
  await tellForgotten(call);
  const found = await compare(call, {
    schemaPath,
    schemaText,
    migrationsTable: table,
    migrate: async (scratch) => {
      const logger = { ...peopleLogger(call.terminal), info: () => undefined };
      return (await migratorOf({ ...scratch, options: { dir, table } }, logger)).run();
    },
  });
  for (const remark of found.remarks) call.terminal.complain(`note: ${visible(remark)}\n`);
  if (found.others.length > 0) return listOthers(call, found);
  if (found.ways.length === 0)
    return printResult(call, { files: [] }, 'nothing to generate: the migrations build the schema');
  return check === true ? listDrift(call, found) : write(call, dir, name, found);
}

async function schemaFile(
  { options: { schema = SCHEMA_FILE, serverWide } }: GenerateCall,
  dir: string,
): Promise<[path: string, text: string]> {
  const text = await readFile(schema, 'utf8').catch((error: unknown) => {
    throw new CommandError(visible(`cannot read the schema file: ${(error as Error).message}`), EXIT.failed);
  });
  if (serverWide !== true) await refuseServerWide(dir, schema, text);
  return [schema, text];
}

async function listOthers(call: GenerateCall, { others }: Comparison): Promise<void> {
  const table = tableText(
    ['kind', 'name', 'difference'],
    others.map((other) => ({ ...other })),
  );
  const cure = 'write them by hand with migrate create, then generate the rest';
  await printResult(
    call,
    { unsupported: others },
    `no migration is generated for these; ${cure}\n\n${table.trimEnd()}`,
  );
  call.terminal.exitCode = EXIT.findings;
}

async function listDrift(call: GenerateCall, { ways }: Comparison): Promise<void> {
  const missing = ways.flatMap(({ up }) => up.statements);
  await printResult(call, { missing }, `the migrations lack\n\n${missing.join('\n')}`);
  call.terminal.exitCode = EXIT.findings;
}

async function write(call: GenerateCall, dir: string, given: string, { ways }: Comparison): Promise<void> {
  const { dryRun, yes } = call.options;
  const losses = ways.flatMap(({ up }) => up.losses);
  for (const loss of losses) call.terminal.complain(`warning: ${visible(loss)}\n`);
  if (losses.length > 0 && dryRun !== true) await confirm(call, 'this migration loses data', given, yes === true);
  const names = await freeNames(
    dir,
    ways.map(({ isOfValues }) => (isOfValues && ways.length > 1 ? `${given}_values` : given)),
  );
  const files = ways.flatMap((way, at) => {
    const name = names[at] ?? given;
    const { up, down } = migrationTexts(name, way);
    return sqlPair(dir, name, up, down);
  });
  const paths = files.map(([path]) => path);
  if (dryRun !== true) {
    await writeFiles(files);
    return printResult(call, { files: paths, losses }, paths.map((path) => `created ${path}`).join('\n'));
  }
  const texts = files.map(([path, text]) => `would create ${path}\n\n${text}`);
  return printResult(call, { wouldCreate: Object.fromEntries(files), losses }, texts.join('\n').trimEnd());
}
