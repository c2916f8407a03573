import type { Span } from './timeline.js';

const WIDTH = 40;

/** One bar for each span of time, the longest for the most lines. */
export function bars(spans: readonly Span[]): string {
  const most = Math.max(...spans.map(({ count }) => count), 1);
  const digits = String(most).length;
  return spans
    .map(({ at, count }) => {
      const length = Math.ceil((count * WIDTH) / most);
      return `${at.slice(0, 19).replace('T', ' ')}  ${String(count).padStart(digits)}  ${'#'.repeat(length)}`.trimEnd();
    })
    .join('\n');
}
