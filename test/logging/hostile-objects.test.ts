import { describe, expect, it } from 'vitest';
import { cpuMs } from './cpu-time.js';
import { circular, LOG_OBJECTS, nested, SLOW_TEXTS } from '../corpus/log-objects.js';
import { keysAsWritten, recorded } from './recorded.js';

describe('log.info() never throws and gives one valid line (S15)', () => {
  it.each(LOG_OBJECTS)('for %i %s', (_id, _what, args) => {
    const { logger, text, lines } = recorded();
    const given = args();
    expect(cpuMs(() => Reflect.apply(logger.info, logger, given))).toBeLessThan(3_000);
    expect(lines()).toHaveLength(1);
    expect(lines()[0]).toMatchObject({ level: 'info', severity: 'INFO', msg: expect.any(String) });
    if (given.at(-1) === 'told') expect(lines()[0]?.msg).toBe('told');
    expect(lines()[0]?.msg).not.toBe('A line could not be logged');
    expect(Buffer.byteLength(text())).toBeLessThanOrEqual(16 * 1024);
    expect(text()).not.toContain('hunter2');
    // eslint-disable-next-line no-control-regex -- what a terminal obeys or a reader takes for a line break
    expect(text().trimEnd()).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e]/);
    const keys = keysAsWritten(text());
    expect(new Set(keys).size).toBe(keys.length);
  });

  it('for all of 131 to 166', () => {
    const numbers = new Set([...LOG_OBJECTS.map(([id]) => id), 161]);
    for (let id = 131; id <= 166; id++) expect(numbers, String(id)).toContain(id);
  });

  it.each(LOG_OBJECTS)('as bindings of a child: %i %s', (_id, _what, args) => {
    const { logger, lines } = recorded();
    const bindings = args()[0] as object;
    logger.child(typeof bindings === 'object' ? bindings : { bindings }).info('told');
    expect(lines()).toMatchObject([{ msg: 'told' }]);
  });

  it('says what it cut', () => {
    const { logger, lines } = recorded();
    logger.info({ text: 'x'.repeat(10_000), list: Array.from({ length: 500 }, () => 1), deep: nested(20) }, 'told');
    logger.info('\u202e'.repeat(9_000));
    expect(lines()[0]?.text).toMatch(/\.\.\.\[truncated, 10000 characters\]$/);
    expect(lines()[0]?.list[200]).toBe('[truncated, 300 more items]');
    expect(JSON.stringify(lines()[0]?.deep)).toContain('[too deep]');
    expect(lines()[1]?.truncated).toBe(true);
    logger.info({ loop: circular() }, 'told');
    expect(lines()[2]?.loop.self).toBe('[Circular]');
  });

  it('leaves what it is given as it was', () => {
    const { logger } = recorded();
    const given = { password: 'hunter2', list: [{ token: 'a' }], err: new Error('x') };
    const frozen = Object.freeze({ headers: Object.freeze({ authorization: 'Bearer abcdef' }) });
    logger.info(given, 'told');
    logger.info(frozen, 'told');
    expect(given).toEqual({ password: 'hunter2', list: [{ token: 'a' }], err: new Error('x') });
    expect(frozen.headers.authorization).toBe('Bearer abcdef');
  });

  it.each(SLOW_TEXTS)('spends no time on a text made to be slow: %s', (_what, text) => {
    const { logger, lines } = recorded();
    expect(cpuMs(() => logger.info({ text, err: new Error(text) }, text))).toBeLessThan(1_000);
    expect(lines()).toHaveLength(1);
  });
});
