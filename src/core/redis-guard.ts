import { TIMED_OUT, withDeadline } from './deadline.js';

/** What `ask` gives while Redis does not answer. */
export const AWAY = Symbol('away');

/** For how long nobody waits for a Redis that has just failed. */
export const RETRY_MS = 1000;

interface RedisGuardSpec {
  readonly timeoutMs: number;
  /** Milliseconds of a clock that never goes back. */
  readonly now: () => number;
  /** Told once per outage. */
  readonly onAway: (error: unknown) => void;
  /** Told once when it is over, with its length in milliseconds. */
  readonly onBack: (durationMs: number) => void;
}

export type AskRedis = <Reply>(work: () => Promise<Reply>) => Promise<Reply | typeof AWAY>;

/**
 * Lets an outage of Redis cost one short deadline: what is under way when it begins waits that long, what comes later does
 * not wait at all. Once a second one call is sent again behind the back of its request, and its success ends the outage.
 */
export function redisGuard({ timeoutMs, now, onAway, onBack }: RedisGuardSpec): AskRedis {
  let outage: { readonly since: number; retryAt: number; isTrying: boolean } | undefined;

  async function answered<Reply>(work: () => Promise<Reply>): Promise<Reply> {
    const reply = await withDeadline(work(), timeoutMs);
    if (reply === TIMED_OUT) throw new Error(`no answer within ${String(timeoutMs)} ms`);
    return reply;
  }

  function begin(error: unknown): void {
    if (outage !== undefined) return;
    outage = { since: now(), retryAt: now() + RETRY_MS, isTrying: false };
    onAway(error);
  }

  async function tryAgain(work: () => Promise<unknown>, current: NonNullable<typeof outage>): Promise<void> {
    current.isTrying = true;
    try {
      await answered(work);
      outage = undefined;
      onBack(now() - current.since);
    } catch {
      // Told of when it began; that it goes on is no news.
      current.retryAt = now() + RETRY_MS;
    } finally {
      current.isTrying = false;
    }
  }

  return async (work) => {
    if (outage === undefined) {
      try {
        return await answered(work);
      } catch (error) {
        begin(error);
        return AWAY;
      }
    }
    if (!outage.isTrying && now() >= outage.retryAt) void tryAgain(work, outage);
    return AWAY;
  };
}
