import type { Terminal } from '../terminal.js';

export interface Progress {
  /** So much more is done, in the unit of the total. */
  advance(amount: number): void;
  /** Removes the bar; what happened is said by whoever asked for it. */
  end(): void;
}

const BAR_WIDTH = 30;
const REDRAW_MS = 100;
const CLEAR_LINE = '\r\u001b[K';

/** A bar on a terminal, with bytes and speed; without a total the bytes alone. Where no person looks there is nothing. */
export function progress(terminal: Terminal, what: string, total = 0): Progress {
  if (!terminal.isInteractive) return { advance: () => undefined, end: () => undefined };
  const startedAt = Date.now();
  let done = 0;
  let drawnAt = 0;
  return {
    advance(amount) {
      done += amount;
      const now = Date.now();
      if (now - drawnAt < REDRAW_MS) return;
      drawnAt = now;
      const speed = `${bytesText((done * 1000) / Math.max(now - startedAt, 1))}/s`;
      terminal.complain(
        `${CLEAR_LINE}${what} ${total > 0 ? `${barText(done / total)} ` : ''}${bytesText(done)} ${speed}`,
      );
    },
    end: () => terminal.complain(CLEAR_LINE),
  };
}

function barText(part: number): string {
  const share = Math.min(part, 1);
  const full = Math.round(share * BAR_WIDTH);
  return `[${'#'.repeat(full)}${'-'.repeat(BAR_WIDTH - full)}] ${String(Math.floor(share * 100)).padStart(3)} %`;
}

/** A size for people. */
export function bytesText(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  let value = bytes;
  let at = 0;
  for (; value >= 1000 && at < units.length - 1; at++) value /= 1000;
  return `${at === 0 ? Math.round(value) : value.toFixed(1)} ${units[at] ?? ''}`;
}
