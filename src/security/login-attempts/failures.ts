import type { LoginAttemptsSettings } from './options.js';

interface Window {
  failures: number;
  readonly endsAt: number;
}

/** Failures of some keys within a fixed window, in bounded memory and without a timer. */
export interface Failures {
  /** Takes one failure in advance; gives 0, or the milliseconds until there may be another when all are taken. */
  take(key: string, max: number): number;
  /** It was none. */
  giveBack(key: string): void;
  forget(key: string): void;
}

export function failures({
  windowMs,
  maxKeys,
  now,
}: Pick<LoginAttemptsSettings, 'windowMs' | 'maxKeys' | 'now'>): Failures {
  // In the order in which the windows began, which is that in which they end.
  const windows = new Map<string, Window>();

  function current(key: string, time: number): Window {
    const known = windows.get(key);
    if (known !== undefined && known.endsAt > time) return known;
    windows.delete(key);
    makeRoom(time);
    const fresh = { failures: 0, endsAt: time + windowMs };
    windows.set(key, fresh);
    return fresh;
  }

  function makeRoom(time: number): void {
    for (const [key, { endsAt }] of windows) {
      if (endsAt > time && windows.size < maxKeys) return;
      windows.delete(key);
    }
  }

  return {
    take(key, max) {
      const time = now();
      const window = current(key, time);
      if (window.failures >= max) return window.endsAt - time;
      window.failures++;
      return 0;
    },
    giveBack(key) {
      const window = windows.get(key);
      if (window === undefined) return;
      window.failures--;
      if (window.failures <= 0) windows.delete(key);
    },
    forget(key) {
      windows.delete(key);
    },
  };
}
