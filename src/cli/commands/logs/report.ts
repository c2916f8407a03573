import type { Command } from 'commander';
import { interruptible } from '../../interruptible.js';
import { filtersOf, type LineFilter } from '../../logs/line-filter.js';
import { readLogs } from '../../logs/read-logs.js';
import type { LineReader } from '../../logs/scan.js';
import { wholeNumber } from '../../option-values.js';
import { printResult } from '../../print-result.js';
import type { Terminal } from '../../terminal.js';
import { withLogOptions, type LogOptions } from './log-options.js';

export interface ReportOptions extends LogOptions {
  readonly limit?: number;
}

/** What a reader of lines has to say at the end. */
export interface Findings extends LineReader {
  /** Both of the first so many rows. */
  result(limit: number): { readonly document: object; readonly text: string };
}

interface LogReport<Options extends ReportOptions> {
  readonly name: string;
  readonly summary: string;
  readonly description: string;
  /** Rows of the table unless --limit says otherwise. */
  readonly rows: number;
  /** Whether the document has no more rows than the table. */
  readonly isShort?: true;
  /** Beside those that the options ask for. */
  readonly filters?: (options: Options) => readonly LineFilter[];
  readonly findings: (options: Options) => Findings;
}

const MAX_ROWS = 10_000;

/** A command that reads all that is meant, and then says what it is worth. */
export function addLogReport<Options extends ReportOptions>(
  group: Command,
  terminal: Terminal,
  report: LogReport<Options>,
): Command {
  return withLogOptions(group.command(report.name))
    .summary(report.summary)
    .description(report.description)
    .argument('[files...]', 'log files')
    .option('--limit <rows>', `so many rows (default: ${report.rows})`, wholeNumber(1, MAX_ROWS))
    .action((files: readonly string[], options: Options) => run(files, options, terminal, report));
}

async function run<Options extends ReportOptions>(
  files: readonly string[],
  options: Options,
  terminal: Terminal,
  { rows, isShort, filters, findings }: LogReport<Options>,
): Promise<void> {
  await interruptible(async (signal) => {
    const reader = findings(options);
    const asked = [...(filters?.(options) ?? []), ...filtersOf(options)];
    const read = await readLogs(terminal, { ...options, files, signal }, asked, reader);
    const isWhole = options.json === true && isShort !== true;
    const { document, text } = reader.result(options.limit ?? (isWhole ? Number.POSITIVE_INFINITY : rows));
    await printResult({ terminal, options }, { read, ...document }, text.trimEnd());
  });
}
