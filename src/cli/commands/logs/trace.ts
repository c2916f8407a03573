import type { Command } from 'commander';
import { interruptible } from '../../interruptible.js';
import { aboutId, filtersOf } from '../../logs/line-filter.js';
import { lineText } from '../../logs/line-text.js';
import type { LogLine } from '../../logs/log-line.js';
import { readLogs } from '../../logs/read-logs.js';
import { printResult } from '../../print-result.js';
import type { Terminal } from '../../terminal.js';
import { visible } from '../../visible.js';
import { withLogOptions, type LogOptions } from './log-options.js';

/** An id that more lines have is not one of a request, and must not fill the memory. */
const MAX_LINES = 10_000;

export function trace(group: Command, terminal: Terminal): void {
  withLogOptions(group.command('trace'))
    .summary('what one request or correlation id left behind')
    .description(
      'Prints every line of a request id or correlation id, from all files together in the order of time; lines that stand in several files once.',
    )
    .argument('<id>', 'request id or correlation id')
    .argument('[files...]', 'log files, also packed ones: logs/app.log*')
    .action((id: string, files: readonly string[], options: LogOptions) => run(id, files, options, terminal));
}

async function run(id: string, files: readonly string[], options: LogOptions, terminal: Terminal): Promise<void> {
  await interruptible(async (signal) => {
    const lines = new Map<string, LogLine>();
    let left = 0;
    const take = (line: LogLine): void => {
      if (lines.size < MAX_LINES || lines.has(line.text)) lines.set(line.text, line);
      else left++;
    };
    await readLogs(terminal, { ...options, files, signal }, [aboutId(id), ...filtersOf(options)], { take });
    if (left > 0) terminal.complain(`only the first ${MAX_LINES} lines are told: ${left} more were read\n`);
    const inOrder = [...lines.values()].sort(byTime);
    const records = inOrder.map(({ record }) => record);
    await printResult({ terminal, options }, records, inOrder.length === 0 ? noneText(id) : timedText(inOrder));
  });
}

/** Sorting is stable: lines of the same millisecond stay in the order in which they were read. */
function byTime(one: LogLine, other: LogLine): number {
  if (one.timestamp === other.timestamp) return 0;
  return one.timestamp < other.timestamp ? -1 : 1;
}

/** The first line with its time, each with what passed since then. */
function timedText(lines: readonly LogLine[]): string {
  const startAt = Date.parse(lines[0]?.timestamp ?? '');
  const since = lines.map(({ timestamp }) => `+${Date.parse(timestamp) - startAt} ms`);
  const width = Math.max(...since.map((text) => text.length));
  const texts = lines.map((line, index) => lineText(line, since[index]?.padStart(width)));
  return [`from ${lines[0]?.timestamp ?? ''}`, ...texts].join('\n');
}

function noneText(id: string): string {
  return `nothing of ${visible(id)}`;
}
