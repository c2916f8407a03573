import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { recorded } from './recorded.js';

const text = fc.oneof(
  fc.string(),
  fc.string({ unit: 'binary' }),
  fc.constantFrom(
    '/a?token=abc123',
    'Bearer abcdefgh1',
    'https://u:p@host/',
    '\u202e\u009b',
    'x'.repeat(900),
    'a=1&pin=2;'.repeat(110),
    'x'.repeat(5_000),
    'x'.repeat(20_000),
  ),
);
const usual = {
  requestId: text,
  correlationId: text,
  method: fc.constantFrom('GET', 'POST'),
  url: text,
  statusCode: fc.integer({ min: 100, max: 599 }),
  duration: fc.nat(),
  userId: text,
  clientId: text,
  trace_id: text,
  span_id: text,
  route: text,
  aborted: fc.boolean(),
  outcome: text,
  sampleRate: fc.double({ min: 0, max: 1 }),
};
const anything = fc.oneof(text, fc.double(), fc.boolean(), fc.constantFrom(null, undefined, 7n, {}, []));
const unusual = fc.dictionary(
  fc.constantFrom(...Object.keys(usual), 'msg', 'level', 'password', 'severity', 'constructor', '__proto__', 'extra'),
  anything,
);
const usualFields = fc.record(usual, { requiredKeys: [] });

describe('the line of a request', () => {
  it.each([
    ['with redaction', {}],
    ['without redaction', { redact: false }],
    ['with a field of its own made secret', { sensitiveFields: ['userId'] }],
  ])('is the line that any log call would write of the same fields, %s (LOG-04, LOG-14)', (_how, options) => {
    const fields = fc.oneof(
      usualFields,
      unusual,
      fc.tuple(usualFields, unusual).map(([a, b]) => ({ ...a, ...b })),
    );
    fc.assert(
      fc.property(fields, text, (given, message) => {
        const request = recorded({ ...options, includeTimestamp: false });
        const usualLine = recorded({ ...options, includeTimestamp: false });
        request.logger.access(given, message);
        usualLine.logger.info(given, message);
        expect(request.lines()).toEqual(usualLine.lines());
        // No name twice, which parsing would hide.
        expect(request.text()).toHaveLength(usualLine.text().length);
      }),
      { numRuns: 300 },
    );
  });

  it('is written although one of its fields cannot be read', () => {
    const { logger, lines } = recorded();
    const fields = Object.defineProperty({ method: 'GET' }, 'url', {
      enumerable: true,
      get: () => {
        throw new Error('no url');
      },
    });
    logger.access(fields, 'Request completed');
    expect(lines()).toEqual([
      expect.objectContaining({ method: 'GET', url: '[unreadable]', msg: 'Request completed' }),
    ]);
  });
});
