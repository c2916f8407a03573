import { TIMED_OUT, withDeadline } from '../../core/deadline.js';
import type { Logger } from '../../core/logger.js';
import type { Silence } from '../silences/silence.js';
import type { AlertState } from './alert-state.js';
import type { SharedAlerts } from './alert-store.js';
import { createKnownSilences } from './known-silences.js';

export interface Loaded {
  readonly now: number;
  readonly states: ReadonlyMap<string, AlertState>;
  readonly silences: readonly Silence[];
}

/** What is known of all alerts: shared, as long as the store answers, and remembered for when it does not. */
export interface Board {
  load(): Promise<Loaded>;
  /** Says whether nobody else changed it since it was loaded. */
  save(key: string, state: AlertState | undefined): Promise<boolean>;
  addSilence(silence: Silence): Promise<void>;
  endSilence(id: string): Promise<boolean>;
  /** As of the latest `load`. */
  latest(): Loaded;
}

interface BoardSpec {
  readonly service: string;
  readonly shared: SharedAlerts | undefined;
  readonly timeoutMs: number;
  readonly logger: Logger;
  readonly now: () => number;
}

/**
 * While the store does not answer, each instance goes on by itself with what it knew: the outage of a database is when alerts are
 * needed, and being told twice is better than not at all.
 */
export function createBoard({ service, shared, timeoutMs, logger, now }: BoardSpec): Board {
  let states = new Map<string, AlertState>();
  let time = 0;
  const versions = new Map<string, number>();
  /** What was told while the store was away. */
  const offline = new Set<string>();
  let isAway = shared === undefined;
  const silences = createKnownSilences(service, ask);

  async function ask<Answer>(work: (store: SharedAlerts) => Promise<Answer>): Promise<Answer | undefined> {
    if (shared === undefined) return undefined;
    try {
      const answer = await withDeadline(
        Promise.resolve().then(() => work(shared)),
        timeoutMs,
      );
      if (answer === TIMED_OUT) throw new Error(`no answer within ${String(timeoutMs)} ms`);
      if (isAway) logger.info({}, 'Alerts are shared with other instances again');
      isAway = false;
      return answer;
    } catch (error) {
      if (!isAway) logger.warn({ error }, 'Alerts cannot be shared with other instances: each tells by itself');
      isAway = true;
      return undefined;
    }
  }

  async function take(loaded: Awaited<ReturnType<SharedAlerts['load']>>): Promise<void> {
    const merged = new Map<string, AlertState>();
    versions.clear();
    for (const { key, version, state } of loaded.states) {
      versions.set(key, version);
      // Written by `save` alone.
      merged.set(key, state as AlertState);
    }
    for (const key of offline) {
      const mine = states.get(key);
      if (mine !== undefined) merged.set(key, laterTold(mine, merged.get(key)));
    }
    offline.clear();
    [states, time] = [merged, loaded.now];
    await silences.take(loaded.silences, time);
  }

  function keep(key: string, state: AlertState | undefined): void {
    if (state === undefined) states.delete(key);
    else states.set(key, state);
  }

  return {
    async load() {
      const loaded = await ask((store) => store.load(service));
      if (loaded !== undefined) await take(loaded);
      else {
        time = now();
        silences.expire(time);
      }
      return { now: time, states, silences: silences.all() };
    },
    async save(key, state) {
      const isSaved = isAway
        ? undefined
        : await ask((store) => store.save(service, key, versions.get(key) ?? 0, state));
      if (isSaved === false) return false;
      if (isSaved === undefined) offline.add(key);
      versions.set(key, state === undefined ? 0 : (versions.get(key) ?? 0) + 1);
      keep(key, state);
      return true;
    },
    addSilence: (silence) => silences.add(silence),
    endSilence: (id) => silences.end(id),
    latest: () => ({ now: time, states, silences: silences.all() }),
  };
}

/** Of the same alert: what was told last counts. */
function laterTold(mine: AlertState, theirs: AlertState | undefined): AlertState {
  if (theirs === undefined) return mine;
  return (mine.told?.at ?? 0) > (theirs.told?.at ?? 0) && mine.told !== undefined
    ? { ...theirs, told: mine.told }
    : theirs;
}
