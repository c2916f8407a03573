import { expect, it, vi } from 'vitest';
import { profile } from 'express-runbook';
import { recorded } from './recorded.js';

it('the end of a profile is a debug line whose duration is a number (LOG-49, LOG-13, X-20)', () => {
  vi.useFakeTimers({ toFake: ['performance'] });
  try {
    const { logger, lines } = recorded();
    const work = profile(logger, 'import events');
    vi.advanceTimersByTime(12);
    expect(work.end({ events: 3, duration: '12ms' })).toBe(12);
    vi.advanceTimersByTime(8);
    work.end();
    expect(lines()).toMatchObject([
      { level: 'debug', msg: '[Profile] import events', duration: 12, events: 3 },
      { level: 'debug', msg: '[Profile] import events', duration: 20 },
    ]);
  } finally {
    vi.useRealTimers();
  }
});

it('a profile leaves no line above debug', () => {
  const { logger, text } = recorded({ level: 'info' });
  profile(logger, 'import events').end();
  expect(text()).toBe('');
});
