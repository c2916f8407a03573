import type { IncomingMessage } from 'node:http';
import type { LogFields } from './logger.js';

/** Where a request stands in a trace that runs through several services (https://www.w3.org/TR/trace-context-2/). */
export interface TraceContext {
  /** Of the whole trace: 32 lower-case hexadecimal digits, not all zero. Lines carry it as `trace_id`. */
  readonly traceId: string;
  /** Of this request or job in the trace: 16 such digits. Lines carry it as `span_id`. */
  readonly spanId: string;
  /** Two such digits: bit 0 sampled, bit 1 random trace id. They go on as they came. */
  readonly traceFlags: string;
  /** What tracing systems before this service want to be told further on, as it came. */
  readonly traceState?: string;
}

/** Who is asking, as log lines and outgoing calls carry it. */
export interface ContextFields {
  /** Of this HTTP request alone. */
  requestId?: string;
  /** Of the whole user transaction, across services. */
  correlationId?: string;
  /** Always a string, so that `select(.userId == "123")` finds it. */
  userId?: string;
  /** The program or customer that asks. */
  clientId?: string;
  /** Absent until the request turns out to be part of a trace: see `correlationId()`. */
  trace?: TraceContext;
}

/** How a piece asks for the current context without knowing where it is kept. */
export type GetContext = () => Readonly<ContextFields> | undefined;

// Shared by every copy of this major version in a process, so that duplicate installs see one context.
const CONTEXT = Symbol.for('express-runbook.context.v0');

interface WithContext {
  [CONTEXT]?: ContextFields;
}

/** Ties the context to its request: completion listeners run outside of the asynchronous context and read it here. */
export function attachContext(req: IncomingMessage, context: ContextFields): void {
  (req as WithContext)[CONTEXT] = context;
}

export function contextOf(req: IncomingMessage): ContextFields | undefined {
  return (req as WithContext)[CONTEXT];
}

/** The context under the names that log lines give it; only what is known. */
export function contextFields(context: Readonly<ContextFields> | undefined): LogFields {
  const fields: LogFields = {};
  if (context === undefined) return fields;
  const { requestId, correlationId, userId, clientId, trace } = context;
  if (requestId !== undefined) fields.requestId = requestId;
  if (correlationId !== undefined) fields.correlationId = correlationId;
  if (userId !== undefined) fields.userId = userId;
  if (clientId !== undefined) fields.clientId = clientId;
  if (trace !== undefined) {
    fields.trace_id = trace.traceId;
    fields.span_id = trace.spanId;
  }
  return fields;
}
