import type { Command } from 'commander';
import type { ConformanceFinding, ConformanceOptions, ConformanceReport } from '../../testing/index.js';
import { confirm } from '../confirm.js';
import { CommandError, EXIT } from '../exit-codes.js';
import { interruptible } from '../interruptible.js';
import { said, wholeNumber } from '../option-values.js';
import { printResult } from '../print-result.js';
import type { Terminal } from '../terminal.js';
import { visible } from '../visible.js';

interface Said {
  readonly path?: string;
  readonly failPath?: string;
  readonly metricsUrl?: string;
  readonly pid?: number;
  readonly only?: readonly string[];
  readonly skip?: readonly string[];
  readonly timeout?: number;
  readonly yes?: true;
  readonly json?: true;
}

const MAX_PID = 2 ** 22;
const MAX_TIMEOUT_S = 3_600;

const EXPLAINED = `
Uses up the limit of this address: for a service that does not take traffic yet. The checks of shutdown need --pid, or a command
after -- that is started and ended: conformance http://127.0.0.1:3000 -- node server.js
The token of guarded metrics is METRICS_TOKEN in the environment.
Exit codes: 0 nothing failed, 1 something did, 2 wrong usage, 130 interrupted.`;

export function conformance(program: Command, terminal: Terminal): void {
  program
    .command('conformance')
    .summary('see whether a service keeps what this package promises')
    .description('Looks at a running service from outside: ids, probes, metrics, errors, limits, shutdown.')
    .argument('<url>', 'where it answers')
    .argument('[command...]', 'after --: what starts it there')
    .option('--path <path>', 'a path that the limiter counts (default: /)', said)
    .option('--fail-path <path>', 'a path whose handler fails by a mistake', said)
    .option('--metrics-url <url>', 'where the metrics are when not at /metrics', said)
    .option('--pid <pid>', 'the process that gets SIGTERM at the end; asks first', wholeNumber(1, MAX_PID))
    .option('--only <ids>', 'these checks or groups, with commas', listed)
    .option('--skip <ids>', 'not these', listed)
    .option('--timeout <seconds>', 'for the process to serve and to end (default: 30)', wholeNumber(1, MAX_TIMEOUT_S))
    .option('--yes', 'ends the process of --pid without asking')
    .option('--json', 'one JSON document on standard output')
    .addHelpText('after', EXPLAINED)
    .action((url: string, command: readonly string[], options: Said) => run(url, command, options, terminal));
}

async function run(url: string, command: readonly string[], options: Said, terminal: Terminal): Promise<void> {
  const { pid, yes, timeout } = options;
  await interruptible(async (signal) => {
    if (pid !== undefined) await confirm({ terminal, signal }, `ends the process ${pid}`, String(pid), yes === true);
    const report = await looked({
      url,
      path: options.path,
      failPath: options.failPath,
      metricsUrl: options.metricsUrl,
      metricsToken: terminal.env.METRICS_TOKEN,
      command: command.length > 0 ? command : undefined,
      pid,
      signal,
      only: options.only,
      skip: options.skip,
      shutdownTimeoutMs: timeout === undefined ? undefined : timeout * 1000,
    });
    await printResult({ terminal, options }, report, shown(report));
    if (!report.passed) terminal.exitCode = EXIT.findings;
  });
}

async function looked(options: ConformanceOptions): Promise<ConformanceReport> {
  // Loaded when it is called: it brings Express, which the other commands do without.
  const testing = await import('../../testing/index.js');
  try {
    return await testing.conformance(options);
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    throw new CommandError(visible(error.message), error.name === 'ConfigError' ? EXIT.usage : EXIT.failed);
  }
}

function listed(value: string, before: unknown): readonly string[] {
  return said(value, before).split(',');
}

function shown({ findings }: ConformanceReport): string {
  const count = (status: string): number => findings.filter((one) => one.status === status).length;
  const width = Math.max(...findings.map(({ id }) => id.length), 0);
  const lines = findings.map((one) => lineOf(one, width));
  return [...lines, `${count('pass')} passed, ${count('fail')} failed, ${count('skip')} skipped`].join('\n');
}

function lineOf(one: ConformanceFinding, width: number): string {
  const reason = one.status === 'pass' ? '' : `\n      ${visible(one.reason)}`;
  return `${one.status.toUpperCase()}  ${one.id.padEnd(width)}  ${one.title}${reason}`;
}
