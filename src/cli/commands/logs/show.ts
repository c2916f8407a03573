import type { Command } from 'commander';
import { CommandError } from '../../exit-codes.js';
import { interruptible } from '../../interruptible.js';
import { filtersOf, said, type LineFilter } from '../../logs/line-filter.js';
import { lineText } from '../../logs/line-text.js';
import type { LogLine } from '../../logs/log-line.js';
import { readLogs } from '../../logs/read-logs.js';
import type { LineReader } from '../../logs/scan.js';
import { wholeNumber } from '../../option-values.js';
import type { Terminal } from '../../terminal.js';
import { withLogOptions, type LogOptions } from './log-options.js';

interface ShowOptions extends LogOptions {
  readonly last?: number;
  readonly count?: true;
  readonly follow?: true;
}

const MAX_LAST = 100_000;

interface Shown {
  readonly name: string;
  readonly summary: string;
  readonly description: string;
  /** Beside those that the options ask for. */
  readonly filters: readonly LineFilter[];
}

export function show(group: Command, terminal: Terminal): void {
  addShow(group, terminal, {
    name: 'show',
    summary: 'the lines themselves',
    description: 'Prints the lines that are meant, in the order of the files; with --json as they stand there.',
    filters: [],
  });
}

export function slow(group: Command, terminal: Terminal): void {
  addShow(group, terminal, {
    name: 'slow',
    summary: 'lines about what was slow',
    description: 'Prints the lines whose message says Slow or Performance: requests, queries, and what a service reports.',
    filters: [said(['Slow', 'Performance'])],
  });
}

function addShow(group: Command, terminal: Terminal, { name, summary, description, filters }: Shown): void {
  withLogOptions(group.command(name))
    .summary(summary)
    .description(description)
    .argument('[files...]', 'log files')
    .option('--last <lines>', 'only so many of the last of them', wholeNumber(1, MAX_LAST))
    .option('--count', 'only how many there are')
    .option('--follow', 'goes on with what is written, also after a rotation; begins with the last 10 lines, or --tail')
    .action((files: readonly string[], options: ShowOptions) => run(files, options, terminal, filters));
}

async function run(
  files: readonly string[],
  options: ShowOptions,
  terminal: Terminal,
  filters: readonly LineFilter[],
): Promise<void> {
  const { count, last, follow } = options;
  if (follow === true && (count === true || last !== undefined))
    throw new CommandError('--follow has no end: leave out --count and --last');
  if (follow === true && files[0] === '-') throw new CommandError('--follow takes a file: a pipe goes on by itself');
  await interruptible(async (signal) => {
    const shown = options.json === true ? (line: LogLine) => line.text : (line: LogLine) => lineText(line);
    const reader = count === true ? nobody() : last === undefined ? printed(terminal, shown) : kept(last);
    const { matched } = await readLogs(terminal, { ...options, files, signal }, [...filters, ...filtersOf(options)], reader);
    if (count === true) await terminal.print(`${matched}\n`);
    await terminal.print((reader.rest?.() ?? []).map((line) => `${shown(line)}\n`).join(''));
    signal.throwIfAborted();
  });
}

interface ShowReader extends LineReader {
  /** Lines that are printed at the end. */
  readonly rest?: () => readonly LogLine[];
}

function nobody(): ShowReader {
  return { take: () => undefined };
}

/** Printed block by block: one system call for each line would take longer than reading it. */
function printed(terminal: Terminal, shown: (line: LogLine) => string): ShowReader {
  let pending = '';
  return {
    take: (line) => (pending += `${shown(line)}\n`),
    async pause() {
      const text = pending;
      pending = '';
      if (text !== '') await terminal.print(text);
    },
  };
}

function kept(most: number): ShowReader {
  let lines: LogLine[] = [];
  return {
    take(line) {
      lines.push(line);
      // Not at each line: moving them all costs more than keeping twice as many for a while.
      if (lines.length >= 2 * most) lines = lines.slice(-most);
    },
    rest: () => lines.slice(-most),
  };
}
