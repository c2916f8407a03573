import type { ConsoleSnapshot, ConsoleTick } from '../wire/index.js';

/** Without a slash at its end: the console answers with and without. */
export const BASE = location.pathname.replace(/\/+$/, '');

export type Connection = 'connecting' | 'live' | 'lost' | 'full' | 'signed-out';

interface Listeners {
  readonly onSnapshot: (snapshot: ConsoleSnapshot) => void;
  readonly onTick: (tick: ConsoleTick) => void;
  readonly onConnection: (connection: Connection) => void;
}

const FIRST_WAIT_MS = 1000;
const LONGEST_WAIT_MS = 15_000;
/** Several samples that did not come: the connection is dead, though nobody said so. */
const SILENT_SAMPLES = 8;
const MIN_SILENCE_MS = 10_000;

/** Stays connected, whatever becomes of the process at the other end. */
export function goLive({ onSnapshot, onTick, onConnection }: Listeners): void {
  let waitMs = FIRST_WAIT_MS;
  let silenceMs = MIN_SILENCE_MS;
  let watchdog: number | undefined;

  function connect(): void {
    const source = new EventSource(`${BASE}/events`);
    const alive = (): void => {
      clearTimeout(watchdog);
      watchdog = setTimeout(lost, silenceMs);
    };
    const lost = (): void => {
      clearTimeout(watchdog);
      source.close();
      // An EventSource does not tell why it was refused.
      fetch(`${BASE}/events`, { method: 'HEAD' }).then(
        ({ status }) => again(status),
        () => again(0),
      );
    };
    const again = (status: number): void => {
      onConnection(status === 401 ? 'signed-out' : status === 429 ? 'full' : 'lost');
      if (status === 401) return;
      setTimeout(connect, waitMs);
      waitMs = Math.min(LONGEST_WAIT_MS, waitMs * 2);
    };
    source.addEventListener('snapshot', ({ data }: MessageEvent<string>) => {
      const snapshot = JSON.parse(data) as ConsoleSnapshot;
      silenceMs = Math.max(MIN_SILENCE_MS, snapshot.intervalMs * SILENT_SAMPLES);
      waitMs = FIRST_WAIT_MS;
      alive();
      onConnection('live');
      onSnapshot(snapshot);
    });
    source.addEventListener('tick', ({ data }: MessageEvent<string>) => {
      alive();
      onTick(JSON.parse(data) as ConsoleTick);
    });
    source.addEventListener('bye', lost);
    source.addEventListener('error', lost);
  }

  onConnection('connecting');
  connect();
}

/** What changes something says that it comes from here. */
export function send(method: 'POST' | 'DELETE', path: string, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(BASE + path, { method, headers: { 'X-Ops-Console': '1', ...headers } });
}
