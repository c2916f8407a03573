import { describe, expect, it } from 'vitest';
import { cpuCheck, createHealthRouter, databaseCheck, memoryCheck } from 'express-runbook';

describe('wrong options are refused by name, with the cure', () => {
  const run = () => undefined;

  it.each<[string, unknown, RegExp]>([
    [
      'a promise as a check',
      { checks: [Promise.resolve()] },
      /health\.checks\[0\] is a promise.*give a check.*run: async/,
    ],
    [
      'a promise as run',
      { checks: [{ name: 'x', run: Promise.resolve() }] },
      /checks\[0\]\.run is a promise.*give the function/,
    ],
    ['a bare function', { checks: [run] }, /checks\[0\] must be a check such as/],
    ['a check without a name', { checks: [{ run }] }, /checks\[0\]\.name must be a string/],
    ['a check with a wrong deadline', { checks: [{ name: 'x', run, timeoutMs: 0 }] }, /checks\[0\]\.timeoutMs must be/],
    [
      'critical as text',
      { checks: [{ name: 'x', run, critical: 'no' }] },
      /checks\[0\]\.critical must be true or false/,
    ],
    [
      'a name that is taken',
      {
        checks: [
          { name: 'x', run },
          { name: 'x', run },
        ],
      },
      /checks\[1\]\.name x is taken/,
    ],
    [
      'an unknown probe',
      { checks: [{ name: 'x', run, probes: ['liveness'] }] },
      /probes item 0 must be one of readiness/,
    ],
    [
      'a threshold of 0',
      { checks: [{ name: 'x', run, failureThreshold: 0 }] },
      /failureThreshold must be a whole number/,
    ],
    ['a refresh of 0', { checks: [{ name: 'x', run, refreshMs: 0 }] }, /refreshMs must be a whole number/],
    [
      'words for nobody',
      { words: { overall: { fine: 'ok' } } },
      /words overall must hold words for ok, degraded, error only/,
    ],
    [
      'words that are none',
      { words: { check: { up: '' } } },
      /words check must hold words for up, degraded, down only/,
    ],
    ['words of another group', { words: { status: {} } }, /words must have overall and check only, not status/],
    ['another precision', { timestampPrecision: 'ms' }, /timestampPrecision must be one of milliseconds, seconds/],
    ['details for some', { details: 'sometimes' }, /details must be one of authorised, always, never/],
    ['a token in place of a function', { authorise: 'secret' }, /authorise must be a function, got a string of 6/],
    ['an unknown format', { format: 'xml' }, /health\.format must be one of details, checks, words, flat/],
    ['a deadline of 0', { responseDeadlineMs: 0 }, /health\.responseDeadlineMs must be a whole number/],
    ['a time that no timer keeps', { timeoutMs: 2 ** 31 }, /health\.timeoutMs must be/],
    ['another status code', { statusCodes: { degraded: 500 } }, /statusCodes must be \{ degraded: 200 \}/],
    ['a prefix with a pattern', { prefixes: ['/:id'] }, /prefixes item 0 must be a plain path/],
    ['a mistyped option', { cacheTtl: 1 }, /health\.cacheTtl is not an option; did you mean cacheTtlMs/],
  ])('%s', (_what, options, message) => {
    expect(() => createHealthRouter(options as never)).toThrow(message);
  });

  it('a promise that is added later', () => {
    expect(() => createHealthRouter().add(Promise.resolve() as never)).toThrow(/health\.add is a promise/);
  });

  it('a database check without its pool', () => {
    expect(() => databaseCheck({} as never)).toThrow(/databaseCheck\.pool is required: give a pg\.Pool/);
  });

  it.each([
    ['memoryCheck', () => memoryCheck({ warnPercent: 95, criticalPercent: 90 })],
    ['cpuCheck', () => cpuCheck({ warnPercent: 95, criticalPercent: 90 })],
  ])('a warning above the critical bound of %s', (name, create) => {
    expect(create).toThrow(`${name}.warnPercent must not be above criticalPercent (90), got 95`);
  });
});
