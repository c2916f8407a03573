import type { Registry } from 'prom-client';
import type { Logger } from '../core/logger.js';
import { wordCounter } from '../instruments/word-counter.js';
import { unavailable } from './refusal.js';
import { AWAY, redisGuard, RETRY_MS } from '../core/redis-guard.js';

/** What a limit does while Redis, where all instances count together, does not answer. */
export const OUTAGE_ANSWERS = ['local', 'allow', 'deny'] as const;
/** @useDeclaredType */
export type OutageAnswer = (typeof OUTAGE_ANSWERS)[number];

/** Thrown in place of a count, when there is none and none is made up. */
export class Uncounted extends Error {
  override readonly name = 'Uncounted';
  constructor() {
    super('not counted: Redis does not answer');
  }
}

/** What becomes of a request that could not be counted: it is allowed, or refused with this. */
export function uncountedRefusal(answer: OutageAnswer, code: string): Error | undefined {
  return answer === 'allow' ? undefined : unavailable(code, 'Service unavailable', Math.ceil(RETRY_MS / 1000));
}

interface OutageSpec {
  /** Of the limit, as log lines name it. */
  readonly name: string;
  readonly answer: OutageAnswer;
  readonly timeoutMs: number;
  readonly now: () => number;
  readonly logger: Logger;
  readonly registry: Registry | undefined;
}

type Counted = <Count>(shared: () => Promise<Count>, local: () => Count) => Promise<Count>;

/** Counts in Redis, and by `answer` while it is away: in this process, or not at all (`Uncounted`). */
export function countedInRedis({ name, answer, timeoutMs, now, logger, registry }: OutageSpec): Counted {
  const count = wordCounter(registry, {
    name: 'rate_limit_fallback_total',
    help: 'Requests whose limit was decided without Redis, by how',
    label: 'answer',
    words: OUTAGE_ANSWERS,
  });
  const ask = redisGuard({
    timeoutMs,
    now,
    onAway(error) {
      const reason = error instanceof Error ? error.message : String(error);
      logger.warn({ limit: name, reason, answer }, 'Limit goes on without Redis');
    },
    onBack(durationMs) {
      logger.info({ limit: name, duration: Math.round(durationMs) }, 'Limit counts in Redis again');
    },
  });

  return async (shared, local) => {
    const counted = await ask(shared);
    if (counted !== AWAY) return counted;
    count(answer);
    if (answer === 'local') return local();
    throw new Uncounted();
  };
}
