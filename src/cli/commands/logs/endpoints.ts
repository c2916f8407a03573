import type { Command } from 'commander';
import { mostFirst } from '../../logs/grouping.js';
import type { LogLine } from '../../logs/log-line.js';
import { timedGroups, timedRow } from '../../logs/timed-groups.js';
import { oneOf } from '../../option-values.js';
import { tableText } from '../../table-text.js';
import type { Terminal } from '../../terminal.js';
import { addLogReport, type Findings, type ReportOptions } from './report.js';

const ORDERS = ['count', 'failed', 'p50', 'p95', 'p99', 'max'] as const;

type Order = (typeof ORDERS)[number];

interface EndpointsOptions extends ReportOptions {
  readonly by?: 'url';
  readonly sort?: Order;
}

export function endpoints(group: Command, terminal: Terminal): void {
  addLogReport<EndpointsOptions>(group, terminal, {
    name: 'endpoints',
    summary: 'how often each endpoint was asked, and how long it took',
    description: 'Counts the requests of each endpoint, those that failed (5xx), and says how many milliseconds they took.',
    rows: 20,
    findings: ({ by, sort }) => counted(by === 'url' ? (line) => line.url : endpointOf, sort ?? 'count'),
  })
    .option('--by <what>', 'route or url, as it was asked for (default: route)', oneOf(['route', 'url']))
    .option('--sort <column>', `the largest first of ${ORDERS.join(', ')} (default: count)`, oneOf(ORDERS));
}

/** One for each request: the warning that it was slow, or its error, tells the endpoint again. */
const REQUEST_LINE = /^request (?:completed|aborted|errored)$/i;

function endpointOf({ endpoint, message }: LogLine): string | undefined {
  return REQUEST_LINE.test(message) ? endpoint : undefined;
}

function counted(keyOf: (line: LogLine) => string | undefined, sort: Order): Findings {
  const found = timedGroups(keyOf);
  return {
    take: found.add,
    result(limit) {
      const byCount = mostFirst(found.groups, ({ key }) => key).map((one) => ({ endpoint: one.key, ...timedRow(one) }));
      const sorted = sort === 'count' ? byCount : byCount.sort((one, other) => (other[sort] ?? -1) - (one[sort] ?? -1));
      const rows = sorted.slice(0, limit);
      const columns = ['endpoint', 'count', 'failed', 'p50', 'p95', 'p99', 'max', 'requestId'];
      const text = rows.length === 0 ? 'no requests' : tableText(columns, rows);
      return { document: { endpoints: rows, others: found.others }, text };
    },
  };
}
