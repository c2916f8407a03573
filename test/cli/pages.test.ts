import { execFile } from 'node:child_process';
import { chmod, cp, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import { createProgram } from '../../src/cli/program.js';
import { terminal } from '../../src/cli/terminal.js';
import { ROOT } from '../repo/source-files.js';
import { testDatabase } from '../support/postgres.js';
import { requireTool } from '../support/real-tools.js';
import { REFERENCE_SERVER } from '../support/reference-server.js';
import { cliIn } from './cli.js';

const pgDump = requireTool('pg_dump');
const page = await readFile(join(ROOT, 'docs/cli.md'), 'utf8');
/** The page tells them once. */
const EVERYWHERE = new Set(['--dotenv', '--profile', '--json']);

/** Commands with their arguments, and the options of each: as the program has them. */
const commands = new Map(leaves(createProgram(terminal()), ''));
const names = [...commands.keys()].map((usage) => usage.replace(/ [[<].*/, ''));

function leaves(command: Command, path: string): [usage: string, options: string[]][] {
  if (command.commands.length > 0)
    return command.commands.flatMap((one) => leaves(one, `${path} ${one.name()}`.trim()));
  const args = command.registeredArguments.map((argument) => {
    const text = `${argument.name()}${argument.variadic ? '...' : ''}`;
    return argument.required ? `<${text}>` : `[${text}]`;
  });
  const options = command.options.filter(({ long }) => !EVERYWHERE.has(long ?? '')).map(({ flags }) => flags);
  return [[[path, ...args].join(' '), options.sort()]];
}

describe('docs/cli.md', () => {
  it('has one row for each command of the program, with its arguments and options, and no other', () => {
    const rows = [
      ...page.matchAll(
        /^\| `((?:migrate|seed|db|backup|cache|config|doctor|redact-check|prune-logs)\b[^`]*)` +\|.*\| ([^|]*)\|$/gm,
      ),
    ];
    const told = rows.map(([, usage = '', options = '']): [string, string[]] => [
      usage,
      [...options.matchAll(/`([^`]+)`/g)].map(([, flags = '']) => flags).sort(),
    ]);
    expect(Object.fromEntries(told)).toEqual(Object.fromEntries(commands));
    expect(told).toHaveLength(commands.size);
  });

  it('is linked from the README, and no page or asset calls a command that does not exist', async () => {
    expect(await readFile(join(ROOT, 'README.md'), 'utf8')).toContain('(docs/cli.md)');
    const docs = (await readdir(join(ROOT, 'docs')))
      .filter((name) => name.endsWith('.md'))
      .map((name) => `docs/${name}`);
    const cron = 'examples/reference-server/deploy/cron/database-maintenance';
    const calls: string[] = [];
    for (const path of ['README.md', ...docs, cron]) {
      const text = await readFile(join(ROOT, path), 'utf8');
      for (const [, called = ''] of text.matchAll(
        /(?:express-runbook|\$RUNBOOK) ((?:migrate|seed|db|backup|cache|config|doctor|redact-check|prune-logs)\b[a-z -]*)/g,
      ))
        calls.push(called);
    }
    const groups = new Set(names.map((name) => name.split(' ')[0]));
    const isThere = (called: string): boolean =>
      groups.has(called.trim()) ||
      names.some((name) => `${called.trim()} `.startsWith(`${name} `)) ||
      /^migrate (deploy|status|rollback)\b/.test(called);
    expect(calls.length).toBeGreaterThan(20);
    expect(calls.filter((called) => !isThere(called))).toEqual([]);
  });

  it.skipIf(!pgDump.isInstalled)(
    'shows examples that do what they say, one after the other',
    { timeout: 60_000 },
    async () => {
      const database = await testDatabase();
      const folder = await mkdtemp(join(tmpdir(), 'pages-'));
      for (const name of ['migrations', 'seeds', 'schema.sql']) {
        await cp(join(REFERENCE_SERVER, name), join(folder, name), { recursive: true });
      }
      // The seeds hash passwords as the service does.
      await symlink(join(REFERENCE_SERVER, 'dist'), join(folder, 'dist'));
      await writeFile(
        join(folder, 'express-runbook'),
        `#!/bin/sh\nexec ${process.execPath} ${join(ROOT, 'dist/cli.js')} "$@"\n`,
      );
      await chmod(join(folder, 'express-runbook'), 0o755);
      const lines = [...page.matchAll(/```bash\n([^]*?)```/g)].flatMap(([, block = '']) => block.trim().split('\n'));
      const results: string[] = [];
      for (const line of lines) results.push(`${line} → ${await exitCodeOf(line, folder, database.url)}`);
      await Promise.all([database.drop(), rm(folder, { recursive: true })]);
      expect(lines.length).toBeGreaterThan(20);
      expect(results).toEqual(lines.map((line) => `${line} → ${line.includes('# exits with 1') ? 1 : 0}`));
    },
  );
});

/** By a shell where the line needs one, or hands over to a program of PostgreSQL; else in this process, which is quicker. */
async function exitCodeOf(line: string, cwd: string, url: string): Promise<number> {
  if (/[|$"]| -- /.test(line)) {
    const env = { PATH: `${cwd}:${process.env.PATH ?? ''}`, DATABASE_URL: url };
    return new Promise((resolve) => {
      execFile('sh', ['-c', line], { cwd, env }, (error) => resolve(error === null ? 0 : Number(error.code)));
    });
  }
  const [, ...words] = line.replace(/ # .*/, '').split(' ');
  return (await cliIn(cwd, words, { env: { DATABASE_URL: url } })).exitCode;
}
