import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { Command } from 'commander';
import { CommandError, EXIT } from '../../exit-codes.js';
import { said } from '../../option-values.js';
import { printResult } from '../../print-result.js';
import type { Terminal } from '../../terminal.js';
import { visible } from '../../visible.js';
import { MIGRATIONS_DIR } from './migrator-of.js';

interface CreateOptions {
  readonly dir?: string;
  readonly js?: true;
  readonly dryRun?: true;
  readonly json?: true;
}

const NAME = /^[A-Za-z][A-Za-z0-9_-]{0,99}$/;

export function create(group: Command, terminal: Terminal): void {
  group
    .command('create')
    .description('Makes an empty migration and its rollback, with the time (UTC) as id.')
    .argument('<name>', 'add_new_column, or a path: its last part is the name, its folder counts unless --dir is said')
    .option('--dir <folder>', `folder for it (default: ${MIGRATIONS_DIR})`, said)
    .option('--js', 'a module with up and down instead of two SQL files')
    .option('--dry-run', 'say which files would be made, and make none')
    .option('--json', 'one JSON document on standard output')
    .action((name: string, options: CreateOptions) => make(name, options, terminal));
}

async function make(given: string, options: CreateOptions, terminal: Terminal): Promise<void> {
  const dir = options.dir ?? (given.includes('/') ? dirname(given) : MIGRATIONS_DIR);
  const name = await freeName(dir, snakeCase(basename(given)));
  const files = options.js === true ? moduleFile(dir, name) : sqlFiles(dir, name);
  const paths = files.map(([path]) => path);
  if (options.dryRun !== true) await writeAll(files);
  const verb = options.dryRun === true ? 'would create' : 'created';
  await printResult({ terminal, options }, { name, files: paths }, paths.map((path) => `${verb} ${path}`).join('\n'));
}

/** As file names are written here: MigrationName is migration_name. */
function snakeCase(given: string): string {
  if (!NAME.test(given)) {
    throw new CommandError(
      `${visible(given)} is no name for a migration: letters, digits, _ and - after a letter, at most 100`,
    );
  }
  return given
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .replaceAll('-', '_')
    .toLowerCase();
}

/** The time as id, and later when another migration has taken that second already. */
async function freeName(dir: string, name: string): Promise<string> {
  const taken = await filesIn(dir);
  for (let time = Date.now(); ; time += 1000) {
    const id = idOf(new Date(time));
    if (!taken.some((file) => file.startsWith(`${id}_`))) return `${id}_${name}`;
  }
}

async function filesIn(dir: string): Promise<string[]> {
  try {
    return await readdir(dir);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw new CommandError(`cannot read ${visible(dir)}: ${(error as Error).message}`, EXIT.failed);
  }
}

function idOf(time: Date): string {
  const digits = time.toISOString().replace(/\D/g, '');
  return `${digits.slice(0, 8)}_${digits.slice(8, 14)}`;
}

type NewFile = readonly [path: string, text: string];

function sqlFiles(dir: string, name: string): NewFile[] {
  const header = `-- ${name}\n-- Breaking changes: none\n-- Runs in a transaction; "-- no-transaction" as the first line, alone, runs it without one.\n\n`;
  return [
    [join(dir, `${name}.sql`), header],
    [join(dir, 'rollback', `${name}.sql`), `-- Undoes ${name}\n\n`],
  ];
}

function moduleFile(dir: string, name: string): NewFile[] {
  const text = `// ${name}
// Breaking changes: none
exports.up = async function up({ client }) {
  await client.query('SELECT 1');
};

exports.down = async function down({ client }) {
  await client.query('SELECT 1');
};
`;
  return [[join(dir, `${name}.cjs`), text]];
}

async function writeAll(files: readonly NewFile[]): Promise<void> {
  try {
    for (const [path, text] of files) {
      await mkdir(dirname(path), { recursive: true });
      // Never over a file that is there.
      await writeFile(path, text, { flag: 'wx' });
    }
  } catch (error) {
    throw new CommandError(`cannot write: ${(error as Error).message}`, EXIT.failed);
  }
}
