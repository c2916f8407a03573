import { InvalidArgumentError, type Command } from 'commander';
import { EXIT } from '../../exit-codes.js';
import { maintenanceWindow } from '../../maintenance-window.js';
import { said } from '../../option-values.js';
import { printResult } from '../../print-result.js';
import type { Terminal } from '../../terminal.js';

interface WindowOptions {
  readonly at?: Date;
  readonly inside?: true;
  readonly json?: true;
}

const TIME = /^\d{4}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d)?Z)?$/;

export function window(group: Command, terminal: Terminal): void {
  group
    .command('window')
    .description(
      'When maintenance that locks may run: the first Saturday of the month, 02:00 to 06:00 UTC. Asks no database.',
    )
    .option('--inside', 'exit with 1 outside of the window, for cron: db window --inside && db vacuum --full --yes')
    .option('--at <time>', 'at another time than now: 2026-12-05 or 2026-12-05T02:00Z', time)
    .option('--json', 'one JSON document on standard output')
    .action((options: WindowOptions) => tell(options, terminal));
}

async function tell(options: WindowOptions, terminal: Terminal): Promise<void> {
  const { at = new Date(), inside } = options;
  const { from, to } = maintenanceWindow(at);
  const isOpen = from <= at;
  const text = `${isOpen ? 'open now' : 'next'}: ${shown(from)} to ${shown(to)}`;
  await printResult({ terminal, options }, { isOpen, from, to }, text);
  if (inside === true && !isOpen) terminal.exitCode = EXIT.findings;
}

function time(value: string, before: unknown): Date {
  const at = new Date(said(value, before));
  if (TIME.test(value) && !Number.isNaN(at.getTime())) return at;
  throw new InvalidArgumentError('It must be a time such as 2026-12-05 or 2026-12-05T02:00Z.');
}

function shown(at: Date): string {
  return at.toISOString().replace(/:\d\d\.\d+Z$/, 'Z');
}
