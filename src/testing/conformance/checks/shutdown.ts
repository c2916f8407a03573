import type { ObservedShutdown } from '../observed-shutdown.js';
import type { ConformanceCheck } from '../report.js';
import { PASS, fail, skip, unless, type Verdict } from './check.js';

/** The same as other checks, of one shutdown that all of them look at. */
export interface ShutdownCheck extends ConformanceCheck {
  readonly judge: (seen: ObservedShutdown) => Verdict;
}

const CLEAN_ENDS = ['exit code 0', 'ended'];

export const SHUTDOWN: readonly ShutdownCheck[] = [
  {
    id: 'shutdown.readiness',
    title: 'after SIGTERM readiness is 503 and liveness 200 while it still listens (HLT-16)',
    judge({ readiness, liveness }) {
      if (readiness === undefined) return fail('it stopped listening before readiness said so: SHUTDOWN_DELAY_MS');
      if (readiness !== 503) return fail(`readiness is ${readiness}`);
      return unless(liveness === 200 ? undefined : `liveness is ${liveness ?? 'not answered'} beside readiness 503`);
    },
  },
  {
    id: 'shutdown.in-flight',
    title: 'a request that began before SIGTERM is answered',
    judge({ inFlight }) {
      if (inFlight === 'early')
        return skip('POST to the path is answered before its body came: give one that reads bodies');
      return unless(inFlight === 'answered' ? undefined : 'its connection was cut');
    },
  },
  {
    id: 'shutdown.exit',
    title: 'the process ends by itself, with exit code 0',
    judge({ ended }) {
      if (ended === undefined) return fail('it still runs');
      return CLEAN_ENDS.includes(ended) ? PASS : fail(ended);
    },
  },
  {
    id: 'shutdown.closed',
    title: 'nobody listens any more',
    judge: ({ isListening }) => unless(isListening ? 'the port still answers' : undefined),
  },
];
