import { randomUUID } from 'node:crypto';
import type { ContextFields, TraceContext } from '../core/context.js';
import { acceptedTraceState } from './trace-state.js';

// The dashes, all-zero ids and version ff as https://www.w3.org/TR/trace-context-2/#traceparent-header-field-values has them.
const TRACEPARENT = /^(?!ff)([\da-f]{2})-(?!0{32})([\da-f]{32})-(?!0{16})[\da-f]{16}-([\da-f]{2})(-|$)/;
const VERSION = '00';
const VERSION_00_LENGTH = 55;

const SAMPLED = 0b01;
const RANDOM_TRACE_ID = 0b10;

/**
 * The trace that a client is in the middle of, with a span of our own in it; nothing when the header is not valid. A later
 * version of the format is read as far as this one knows it, flags that this one does not know are not passed on.
 */
export function continuedTrace(
  traceparent: string | string[],
  tracestate: string | string[] | undefined,
): TraceContext | undefined {
  const match = typeof traceparent === 'string' ? TRACEPARENT.exec(traceparent) : null;
  if (match === null) return undefined;
  const [header, version, traceId = '', flags = ''] = match;
  // Version 00 ends here; only a later one may have more.
  if (version === VERSION && (match.input.length !== VERSION_00_LENGTH || header.endsWith('-'))) return undefined;
  return {
    traceId,
    spanId: newSpanId(),
    traceFlags: flagsText(Number.parseInt(flags, 16) & (SAMPLED | RANDOM_TRACE_ID)),
    traceState: tracestate === undefined ? undefined : acceptedTraceState(tracestate),
  };
}

/**
 * The trace of this context; one starts here when there is none. It is not marked as sampled: nothing in this process
 * records spans (https://www.w3.org/TR/trace-context-2/#sampled-flag).
 */
export function ownTrace(context: ContextFields): TraceContext {
  return (context.trace ??= {
    traceId: randomUUID().replaceAll('-', ''),
    spanId: newSpanId(),
    traceFlags: flagsText(RANDOM_TRACE_ID),
    traceState: undefined,
  });
}

/** For one outgoing call: each has a parent id of its own, as the W3C's test suite expects. */
export function traceparent({ traceId, traceFlags }: TraceContext): string {
  return `${VERSION}-${traceId}-${newSpanId()}-${traceFlags}`;
}

/** Of a UUID, which Node makes in a fifth of the time of `randomBytes`, what is random; the variant keeps it from being zero. */
function newSpanId(): string {
  const uuid = randomUUID();
  return uuid.slice(19, 23) + uuid.slice(24);
}

function flagsText(flags: number): string {
  return flags.toString(16).padStart(2, '0');
}
