import type { Command } from 'commander';
import { bars } from '../../logs/bars.js';
import { grouping, mostFirst } from '../../logs/grouping.js';
import { ofLevel } from '../../logs/line-filter.js';
import { errorTextOf, type LogLine } from '../../logs/log-line.js';
import { timeline } from '../../logs/timeline.js';
import { oneOf } from '../../option-values.js';
import { tableText } from '../../table-text.js';
import type { Terminal } from '../../terminal.js';
import { addLogReport, type Findings, type ReportOptions } from './report.js';

interface ErrorsOptions extends ReportOptions {
  readonly by?: keyof typeof KEYS;
}

interface ErrorGroup {
  readonly key: string;
  count: number;
  firstAt: string;
  lastAt: string;
  /** Of the last one that had one: what to trace next. */
  requestId: string | undefined;
}

const LEVELS = ['error', 'fatal'];
const MAX_SPANS = 24;

const KEYS = {
  message: (line: LogLine) => line.message,
  error: (line: LogLine) => errorTextOf(line) ?? line.message,
  endpoint: (line: LogLine) => line.endpoint,
  status: (line: LogLine) => line.statusCode?.toString(),
  user: (line: LogLine) => line.userId,
};

export function errors(group: Command, terminal: Terminal): void {
  addLogReport<ErrorsOptions>(group, terminal, {
    name: 'errors',
    summary: 'errors, grouped, and when they were',
    description:
      'Groups lines of level error and fatal, or of --level, by their message: how often, since when, until when, and a request id to trace.',
    rows: 20,
    filters: ({ level }) => (level === undefined ? [ofLevel(LEVELS)] : []),
    findings: ({ by }) => grouped(by ?? 'message'),
  }).option('--by <what>', `groups by ${Object.keys(KEYS).join(', ')} (default: message)`, oneOf(Object.keys(KEYS)));
}

function grouped(by: keyof typeof KEYS): Findings {
  const found = grouping<ErrorGroup>(KEYS[by], created, add);
  const times = timeline();
  return {
    take(line) {
      found.add(line);
      times.add(line.timestamp);
    },
    result(limit) {
      const groups = mostFirst(found.groups, ({ key }) => key).map(({ key, ...rest }) => ({ [by]: key, ...rest }));
      const rows = groups.slice(0, limit);
      const spans = times.spans(MAX_SPANS);
      const table = tableText(['count', by, 'firstAt', 'lastAt', 'requestId'], rows);
      const text = groups.length === 0 ? 'none' : `${bars(spans)}\n\n${table}${moreText(groups.length - limit)}`;
      return { document: { groups: rows, others: found.others, timeline: spans }, text };
    },
  };
}

function created(key: string, { timestamp }: LogLine): ErrorGroup {
  return { key, count: 0, firstAt: timestamp, lastAt: timestamp, requestId: undefined };
}

function add(group: ErrorGroup, { timestamp, requestId }: LogLine): void {
  group.count++;
  if (timestamp !== '' && (timestamp < group.firstAt || group.firstAt === '')) group.firstAt = timestamp;
  if (timestamp >= group.lastAt) {
    group.lastAt = timestamp;
    group.requestId = requestId ?? group.requestId;
  }
}

function moreText(more: number): string {
  return more > 0 ? `and ${more} more: --limit\n` : '';
}
