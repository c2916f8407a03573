import { levelName } from './levels.js';

type Fields = Readonly<Record<string, unknown>>;

/** A line of any of the schemas, under the names of the flat one. */
export interface LogLine {
  /** The JSON as it stands in the file. */
  readonly text: string;
  readonly record: Fields;
  /** As `toISOString()` has it, so that texts compare as times do; empty when the line has none. */
  readonly timestamp: string;
  /** In lower case. */
  readonly level: string;
  readonly message: string;
  readonly requestId: string | undefined;
  readonly correlationId: string | undefined;
  readonly userId: string | undefined;
  readonly clientId: string | undefined;
  readonly url: string | undefined;
  /** Method and route template; the path where no route is told. */
  readonly endpoint: string | undefined;
  readonly statusCode: number | undefined;
  /** Milliseconds. */
  readonly duration: number | undefined;
  readonly query: string | undefined;
}

const NOTHING: Fields = Object.freeze({});
const ISO_LENGTH = '2024-11-06T12:00:00.000Z'.length;

/**
 * Nothing when it is no JSON object. What stands before the first brace, such as the name of a container, is left out. Lines of
 * the schema `nested` have their fields in `context`.
 */
export function logLine(written: string): LogLine | undefined {
  const from = written.indexOf('{');
  if (from === -1) return undefined;
  const text = from === 0 ? written : written.slice(from);
  const record = parsed(text);
  if (record === undefined) return undefined;
  const context = isFields(record.context) ? record.context : NOTHING;
  const url = asText(record.url ?? context.url);
  return {
    text,
    record,
    timestamp: timestampOf(record.timestamp ?? record.time),
    level: levelName(record.level),
    message: asText(record.msg ?? record.message) ?? '',
    requestId: asText(record.requestId ?? context.request_id),
    correlationId: asText(record.correlationId ?? context.correlation_id),
    userId: asText(record.userId ?? context.user_id),
    clientId: asText(record.clientId ?? context.client_id),
    url,
    endpoint: asText(context.endpoint) ?? endpointOf(record, url),
    statusCode: asNumber(record.statusCode ?? context.status_code),
    duration: asNumber(record.duration ?? context.latency_ms),
    query: asText(record.query ?? context.query),
  };
}

/** The text of the error that a line tells of, under the names that our own lines and the runbooks' have. */
export function errorTextOf({ record }: LogLine): string | undefined {
  const context = isFields(record.context) ? record.context : NOTHING;
  const error = record.err ?? record.error ?? context.err ?? context.error;
  return asText(isFields(error) ? error.message : error);
}

function parsed(text: string): Fields | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isFields(value) ? value : undefined;
  } catch {
    // Counted by whoever asked: a broken line is no reason to stop.
    return undefined;
  }
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function asText(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  return typeof value === 'number' ? String(value) : undefined;
}

function asNumber(value: unknown): number | undefined {
  return typeof value === 'number' ? value : undefined;
}

const ISO = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;
/** Told without a zone is meant as UTC. */
const WITHOUT_ZONE = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d(?:[.,]\d+)?)$/;

function timestampOf(value: unknown): string {
  if (typeof value === 'string' && value.length === ISO_LENGTH && ISO.test(value)) return value;
  if (typeof value !== 'string' && typeof value !== 'number') return '';
  const at = new Date(typeof value === 'string' ? value.replace(WITHOUT_ZONE, '$1T$2Z').replace(',', '.') : value);
  return Number.isNaN(at.getTime()) ? '' : at.toISOString();
}

function endpointOf({ method, route }: Fields, url: string | undefined): string | undefined {
  const path = typeof route === 'string' ? route : url?.split('?', 1)[0];
  if (path === undefined) return undefined;
  return typeof method === 'string' ? `${method} ${path}` : path;
}
