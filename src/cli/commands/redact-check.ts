import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import type { Command } from 'commander';
import { createSecretFinder, type SecretFinder } from '../../index.js';
import { CommandError, EXIT } from '../exit-codes.js';
import { linesOf } from '../lines-of.js';
import type { Terminal } from '../terminal.js';
import { visible } from '../visible.js';

interface RedactCheckOptions {
  readonly field: readonly string[];
  readonly secrets?: string;
  readonly json?: true;
}

interface Finding {
  readonly file: string;
  readonly line: number;
  readonly kind: string;
}

const EXPLAINED = `
Prints file:line and what kind of secret stands there, never the secret.
Exit codes: 0 clean, 1 secrets found, 2 wrong usage or a file that cannot be read.`;

export function redactCheck(program: Command, terminal: Terminal): void {
  program
    .command('redact-check')
    .summary('look for secrets in log files')
    .description('Looks for secrets in log files, JSON or text, and in standard input without a file or with -.')
    .argument('[files...]', 'log files')
    .option('--field <name>', 'a further name whose value is a secret; can be repeated', collected, [])
    .option('--secrets <file>', 'a file with one secret per line, found however it is written')
    .option('--json', 'one JSON object per finding: file, line, kind')
    .addHelpText('after', EXPLAINED)
    .action((files: readonly string[], options: RedactCheckOptions) => run(files, options, terminal));
}

async function run(files: readonly string[], options: RedactCheckOptions, terminal: Terminal): Promise<void> {
  const finder = createSecretFinder({ sensitiveFields: options.field });
  if (options.secrets !== undefined) finder.registerSecrets(await secretsIn(options.secrets));
  let findings = 0;
  let lines = 0;
  for (const file of files.length === 0 ? ['-'] : files) {
    const input = file === '-' ? terminal.input : createReadStream(file);
    lines += await check(input, file, finder, async (finding) => {
      findings++;
      await terminal.print(options.json === true ? `${JSON.stringify(finding)}\n` : shown(finding));
    });
  }
  terminal.complain(`${findings} ${findings === 1 ? 'finding' : 'findings'} in ${lines} lines\n`);
  if (findings > 0) terminal.exitCode = EXIT.findings;
}

/** Gives back how many lines there were. */
async function check(
  input: Readable,
  file: string,
  finder: SecretFinder,
  report: (finding: Finding) => Promise<void>,
): Promise<number> {
  let line = 0;
  let kinds = new Set<string>();
  try {
    for await (const { number, text } of linesOf(input)) {
      // A long line comes in pieces.
      if (number !== line) kinds = new Set();
      line = number;
      for (const kind of finder.kindsIn(text)) {
        if (kinds.has(kind)) continue;
        kinds.add(kind);
        await report({ file: file === '-' ? 'stdin' : file, line, kind });
      }
    }
  } catch (error) {
    throw unreadable(file, error);
  }
  return line;
}

/** A file name may hold what a terminal obeys. */
function shown({ file, line, kind }: Finding): string {
  // eslint-disable-next-line no-control-regex -- those are what must not get out
  const name = /[\u0000-\u001f\u007f-\u009f]/.test(file) ? JSON.stringify(file) : file;
  return `${name}:${line}: ${kind}\n`;
}

async function secretsIn(file: string): Promise<string[]> {
  try {
    return (await readFile(file, 'utf8')).split(/\r?\n/).filter((secret) => secret !== '');
  } catch (error) {
    throw unreadable(file, error);
  }
}

function unreadable(file: string, error: unknown): unknown {
  const { code, syscall } = error as NodeJS.ErrnoException;
  return code === undefined || syscall === undefined
    ? error
    : new CommandError(`cannot read ${visible(file)}: ${code}`);
}

function collected(name: string, before: readonly string[]): readonly string[] {
  return [...before, name];
}
