import { validateHeaderName, validateHeaderValue } from 'node:http';
import type { CallOptions } from './call-options.js';
import type { ServiceClientSettings } from './options.js';

// RFC 9110 §9.2.2.
const IDEMPOTENT = new Set(['GET', 'HEAD', 'OPTIONS', 'PUT', 'DELETE', 'TRACE']);

/** A call with everything decided. */
export interface PreparedCall {
  readonly url: URL;
  readonly method: string;
  readonly operation: string;
  readonly body: string | Uint8Array | undefined;
  readonly isRepeatable: boolean;
  readonly timeoutMs: number;
  readonly totalTimeoutMs: number;
  readonly isAnswer: (status: number) => boolean;
  /** Anew for each attempt: a trace has a parent id for each. */
  headers(): Headers;
}

/** Throws `TypeError` for a path or header that cannot be sent. */
export function preparedCall(path: string, options: CallOptions, settings: ServiceClientSettings): PreparedCall {
  const { json, accept = [], idempotencyKey } = options;
  const body = json === undefined ? options.body : JSON.stringify(json);
  const method = (options.method ?? (body === undefined ? 'GET' : 'POST')).toUpperCase();
  const headers = (): Headers => {
    const { headers: own = {} } = settings;
    return joined(
      settings.outgoingHeaders?.() ?? {},
      json === undefined ? {} : { 'Content-Type': 'application/json' },
      typeof own === 'function' ? own() : own,
      idempotencyKey === undefined ? {} : { 'Idempotency-Key': idempotencyKey },
      options.headers ?? {},
    );
  };
  return {
    url: addressOf(path, options.query, settings.baseUrl),
    method,
    operation: options.operation ?? method.toLowerCase(),
    body,
    isRepeatable: IDEMPOTENT.has(method) || idempotencyKey !== undefined,
    timeoutMs: options.timeoutMs ?? settings.timeoutMs,
    totalTimeoutMs: options.totalTimeoutMs ?? settings.totalTimeoutMs,
    isAnswer: (status) => (status >= 200 && status < 300) || accept.includes(status),
    headers,
  };
}

/** Below the base address and nowhere else, whatever the path says: credentials go with it. */
function addressOf(path: string, query: CallOptions['query'], baseUrl: string): URL {
  if (!path.startsWith('/')) throw new TypeError('the path of a call begins with /');
  const base = baseUrl.replace(/\/+$/, '');
  const url = new URL(base + path);
  if (!url.href.startsWith(`${new URL(base).href.replace(/\/$/, '')}/`)) {
    throw new TypeError('the path of a call must not lead out of the base address');
  }
  for (const [name, value] of Object.entries(query ?? {})) {
    if (value === undefined) continue;
    for (const one of Array.isArray(value) ? (value as readonly string[]) : [value]) {
      url.searchParams.append(name, String(one));
    }
  }
  return url;
}

/** The later goes before the earlier. Checked by Node, whose errors name the header and not its value. */
function joined(...groups: readonly Readonly<Record<string, string>>[]): Headers {
  const headers = new Headers();
  for (const [name, value] of groups.flatMap((group) => Object.entries(group))) {
    validateHeaderName(name);
    validateHeaderValue(name, value);
    headers.set(name, value);
  }
  return headers;
}
