import type { Command } from 'commander';
import { lineText } from '../../logs/line-text.js';
import type { LogLine } from '../../logs/log-line.js';
import type { Terminal } from '../../terminal.js';
import { addLogReport, type Findings, type ReportOptions } from './report.js';

const ROWS = 10;

export function slowest(group: Command, terminal: Terminal): void {
  addLogReport(group, terminal, {
    name: 'slowest',
    summary: 'the lines that took the longest',
    description: 'The lines with the longest durations, the longest first: requests, queries, jobs.',
    rows: ROWS,
    isShort: true,
    filters: () => [{ accepts: ({ duration }) => duration !== undefined, hint: /"(?:duration|latency_ms)"/ }],
    findings: ({ limit }: ReportOptions) => longest(limit ?? ROWS),
  });
}

function longest(most: number): Findings {
  const kept: LogLine[] = [];
  return {
    take(line) {
      const duration = line.duration ?? 0;
      if (kept.length === most && duration < (kept.at(-1)?.duration ?? 0)) return;
      // Before those that took as long: of equals the last one comes first, as `sort_by(.duration) | reverse` has it.
      const at = kept.findIndex((other) => (other.duration ?? 0) <= duration);
      kept.splice(at === -1 ? kept.length : at, 0, line);
      if (kept.length > most) kept.pop();
    },
    result: () => ({
      document: { slowest: kept.map(({ record }) => record) },
      text: kept.length === 0 ? 'no durations' : kept.map((line) => lineText(line)).join('\n'),
    }),
  };
}
