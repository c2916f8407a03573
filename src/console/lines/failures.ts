import type { IncomingMessage } from 'node:http';
import type { Completion } from '../../core/completion.js';
import { contextOf } from '../../core/context.js';
import { opsEndpointOf } from '../../core/ops-endpoint.js';
import type { FailedRequest } from '../wire/index.js';

export interface Failure extends FailedRequest {
  readonly at: number;
  readonly requestId: string | undefined;
  readonly correlationId: string | undefined;
}

/** The latest requests that failed on our side. */
export interface Failures {
  readonly record: (completion: Completion, req: IncomingMessage) => void;
  /** Newest first. */
  all(): readonly Failure[];
}

const MAX_FAILURES = 100;
const MAX_URL = 512;
const FIRST_SERVER_ERROR = 500;

export function createFailures(now: () => number, redact: (text: string) => string): Failures {
  let kept: Failure[] = [];
  return {
    record(completion, req) {
      const { method, route, statusCode, durationMs, outcome } = completion;
      if (statusCode < FIRST_SERVER_ERROR && outcome !== 'errored') return;
      // A 503 of a probe is the answer to a question.
      if (opsEndpointOf(req) !== undefined) return;
      const { requestId, correlationId } = contextOf(req) ?? {};
      // Cut afterwards: half of a secret is not known for one.
      const url = redact(completion.url).slice(0, MAX_URL);
      const at = now();
      kept = [{ at, method, url, route, statusCode, durationMs, requestId, correlationId }, ...kept].slice(
        0,
        MAX_FAILURES,
      );
    },
    all: () => kept,
  };
}
