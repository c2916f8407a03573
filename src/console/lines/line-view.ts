import type { LogLineView } from '../wire/index.js';
import type { KeptLine } from './line-ring.js';

type Fields = Record<string, unknown>;

const LEVEL_NAMES: ReadonlyMap<number, string> = new Map([
  [10, 'trace'],
  [20, 'debug'],
  [25, 'http'],
  [30, 'info'],
  [40, 'warn'],
  [50, 'error'],
  [60, 'fatal'],
]);

/** Said by each line of a process, or shown in a place of its own. */
const SHOWN_ELSEWHERE = new Set([
  ...[
    'level',
    'severity',
    'time',
    'timestamp',
    'msg',
    'message',
    'pid',
    'hostname',
    'service',
    'version',
    'environment',
  ],
  ...['requestId', 'correlationId', 'request_id', 'correlation_id', 'context'],
]);

/** A line under the same names whatever schema the log has. What cannot be read as JSON is shown as it stands. */
export function lineView({ seq, at, level, text }: KeptLine): LogLineView {
  const { context, ...outer } = parsed(text);
  const fields: Fields = isRecord(context) ? { ...outer, ...context } : outer;
  return {
    seq,
    at,
    level: levelName(level),
    message: messageOf(fields) ?? text.trim(),
    requestId: textOf(fields.requestId) ?? textOf(fields.request_id),
    correlationId: textOf(fields.correlationId) ?? textOf(fields.correlation_id),
    fields: Object.fromEntries(Object.entries(fields).filter(([name]) => !SHOWN_ELSEWHERE.has(name))),
  };
}

/** `msg` in the schema whose lines have a severity, `message` in the others: a field of the other name is somebody's own. */
function messageOf({ severity, msg, message }: Fields): string | undefined {
  return severity === undefined ? (textOf(message) ?? textOf(msg)) : (textOf(msg) ?? textOf(message));
}

function levelName(level: number): string {
  return LEVEL_NAMES.get(level) ?? String(level);
}

export function levelNumber(name: string): number {
  for (const [level, known] of LEVEL_NAMES) if (known === name) return level;
  return 0;
}

export function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

export function numberOf(value: unknown): number | undefined {
  return typeof value === 'number' ? value : undefined;
}

function parsed(text: string): Fields {
  try {
    const value: unknown = JSON.parse(text);
    return isRecord(value) ? value : {};
  } catch {
    return {};
  }
}

function isRecord(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
