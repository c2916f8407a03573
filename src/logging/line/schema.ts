import type { ContextFields } from '../../core/context.js';
import { shortUrl } from '../redaction/short-url.js';

/** Fields that only the logger itself writes: a caller's field of that name gets a `_` at its end. */
export const LOGGER_FIELDS: ReadonlySet<string> = new Set([
  'level',
  'time',
  'timestamp',
  'pid',
  'hostname',
  'service',
  'version',
  'environment',
]);

type TypedFields = readonly (readonly [name: string, typed: (value: unknown) => unknown])[];

/** What stands before the message, in this order, and the types that queries rely on. */
export const LEADING_FIELDS: TypedFields = [
  ['requestId', asText],
  ['correlationId', asText],
  ['method', asText],
  ['url', asUrl],
  ['statusCode', asNumber],
  ['duration', asNumber],
];

/** What stands after it: text, because `select(.userId == "123")` looks for text. */
export const FOLLOWING_FIELDS: TypedFields = [
  ['userId', asText],
  ['clientId', asText],
  // As OpenTelemetry names them in logs that are not OTLP (https://opentelemetry.io/docs/specs/otel/compatibility/logging_trace_context/).
  ['trace_id', asText],
  ['span_id', asText],
];

export const TYPED_NAMES: ReadonlySet<string> = new Set([...LEADING_FIELDS, ...FOLLOWING_FIELDS].map(([name]) => name));

/** Which of them the current context knows, and where. */
export const FROM_CONTEXT: ReadonlyMap<string, (context: Readonly<ContextFields>) => unknown> = new Map([
  ['requestId', (context) => context.requestId],
  ['correlationId', (context) => context.correlationId],
  ['userId', (context) => context.userId],
  ['clientId', (context) => context.clientId],
  ['trace_id', (context) => context.trace?.traceId],
  ['span_id', (context) => context.trace?.spanId],
]);

/** `undefined`: not of that type and not to be made so. */
function asText(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : undefined;
}

function asUrl(value: unknown): string | undefined {
  const text = asText(value);
  return text === undefined ? undefined : shortUrl(text);
}

// jq orders every text above every number: a duration of "12ms" would be the slowest of all.
const MEASURED = /^\d+(?:\.\d+)?(?= ?(?:ms)?$)/;

function asNumber(value: unknown): number | undefined {
  if (typeof value === 'number') return value;
  const digits = typeof value === 'string' ? MEASURED.exec(value)?.[0] : undefined;
  return digits === undefined ? undefined : Number(digits);
}
