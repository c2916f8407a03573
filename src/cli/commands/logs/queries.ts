import type { Command } from 'commander';
import { mostFirst } from '../../logs/grouping.js';
import { said } from '../../logs/line-filter.js';
import type { LogLine } from '../../logs/log-line.js';
import { timedGroups, timedRow } from '../../logs/timed-groups.js';
import { tableText } from '../../table-text.js';
import type { Terminal } from '../../terminal.js';
import { addLogReport, type Findings, type ReportOptions } from './report.js';

interface QueriesOptions extends ReportOptions {
  readonly each?: true;
}

/** As the log of slow queries has it. */
const SLOW_QUERY = 'Slow database query detected';
const MAX_LINES = 100_000;

export function queries(group: Command, terminal: Terminal): void {
  addLogReport<QueriesOptions>(group, terminal, {
    name: 'queries',
    summary: 'slow queries of the database',
    description: `Groups the lines "${SLOW_QUERY}" by their query: how often, how many milliseconds, and a request id to trace.`,
    rows: 20,
    filters: () => [said([SLOW_QUERY])],
    findings: ({ each }) => (each === true ? eachQuery() : groupedQueries()),
  }).option('--each', 'query, duration and request id of each line instead, in their order');
}

function groupedQueries(): Findings {
  const found = timedGroups(({ query }) => query);
  return {
    take: found.add,
    result(limit) {
      const rows = mostFirst(found.groups, ({ key }) => key)
        .slice(0, limit)
        .map((one) => ({ query: one.key, ...timedRow(one) }));
      const columns = ['count', 'p50', 'p95', 'max', 'query', 'lastAt', 'requestId'];
      return { document: { queries: rows, others: found.others }, text: shown(columns, rows) };
    },
  };
}

function eachQuery(): Findings {
  const lines: Pick<LogLine, 'query' | 'duration' | 'requestId'>[] = [];
  let others = 0;
  return {
    take({ query, duration, requestId }) {
      if (lines.length < MAX_LINES) lines.push({ query, duration, requestId });
      else others++;
    },
    result(limit) {
      const rows = lines.slice(0, limit);
      return { document: { queries: rows, others }, text: shown(['duration', 'query', 'requestId'], rows) };
    },
  };
}

function shown(columns: readonly string[], rows: readonly Readonly<Record<string, unknown>>[]): string {
  return rows.length === 0 ? 'no slow queries' : tableText(columns, rows);
}
