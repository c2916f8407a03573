import { join } from 'node:path';
import type { Command } from 'commander';
import { said } from '../../option-values.js';
import { printResult } from '../../print-result.js';
import type { Terminal } from '../../terminal.js';
import { MIGRATIONS_DIR } from './migrator-of.js';
import { dirOf, freeNames, nameOf, sqlPair, writeFiles, type NewFile } from './new-files.js';

interface CreateOptions {
  readonly dir?: string;
  readonly js?: true;
  readonly dryRun?: true;
  readonly json?: true;
}

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
  const dir = dirOf(given, options.dir);
  const [name = ''] = await freeNames(dir, [nameOf(given)]);
  const files = options.js === true ? moduleFile(dir, name) : sqlFiles(dir, name);
  const paths = files.map(([path]) => path);
  if (options.dryRun !== true) await writeFiles(files);
  const verb = options.dryRun === true ? 'would create' : 'created';
  await printResult({ terminal, options }, { name, files: paths }, paths.map((path) => `${verb} ${path}`).join('\n'));
}

function sqlFiles(dir: string, name: string): NewFile[] {
  const header = `-- ${name}\n-- Breaking changes: none\n-- Runs in a transaction; "-- no-transaction" as the first line, alone, runs it without one.\n\n`;
  return sqlPair(dir, name, header, `-- Undoes ${name}\n\n`);
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
