import type { AlertEvent } from './alert.js';
import type { Delivery } from './delivery/delivery.js';
import type { Telling } from './states/rounds.js';

export interface TellerSpec {
  readonly delivery: Delivery;
  readonly event: (telling: Telling) => AlertEvent;
  readonly confirm: (telling: Telling) => Promise<void>;
  /** A mistake of ours. */
  readonly onError: (error: unknown) => void;
  readonly maxPerMinute: number;
  readonly now: () => number;
}

/** Sends what was claimed, behind the backs of everybody, and remembers what is under way. */
export interface Teller {
  readonly tell: (telling: Telling) => void;
  readonly isSending: (key: string) => boolean;
  /** Whether one more message may be sent within this minute, beside those that are about to be. */
  readonly mayTell: (about: number) => boolean;
  /** Resolves when nothing is under way. */
  settled(): Promise<void>;
}

const MINUTE_MS = 60_000;
const MAX_KEPT = 1000;

export function createTeller({ delivery, event, confirm, onError, maxPerMinute, now }: TellerSpec): Teller {
  const underWay = new Map<string, Promise<void>>();
  /** What nobody was told yet, although it was tried: it is logged and stored once. */
  const kept = new Map<string, string>();
  let sentAt: number[] = [];

  async function send(telling: Telling): Promise<void> {
    const { key, message, state } = telling;
    const told = event(telling);
    const what = `${message.status} ${message.severity} ${String(state.startedAt)}`;
    if (state.isCondition && kept.get(key) !== what) delivery.keep(told);
    if (kept.size >= MAX_KEPT) kept.clear();
    kept.set(key, what);
    if (!(await delivery.send(told, message.previous))) return;
    kept.delete(key);
    await confirm(telling);
  }

  return {
    tell(telling) {
      const { key } = telling;
      sentAt.push(now());
      const sending = send(telling)
        .catch(onError)
        .finally(() => underWay.delete(key));
      underWay.set(key, sending);
    },
    isSending: (key) => underWay.has(key),
    mayTell(about) {
      const time = now();
      sentAt = sentAt.filter((at) => at <= time && time - at < MINUTE_MS);
      return sentAt.length + about < maxPerMinute;
    },
    async settled() {
      while (underWay.size > 0) await Promise.all(underWay.values());
    },
  };
}
