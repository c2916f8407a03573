import { execFileSync } from 'node:child_process';
import { existsSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { runWithContext, getContext } from 'express-runbook';
import { fileLines, newFolder, recorded, type Line } from './recorded.js';

const told = (lines: Line[]): unknown[] => lines.filter((line) => line.channel !== 'audit').map((line) => line.msg);
const audited = (lines: Line[]): Line[] => lines.filter((line) => line.channel === 'audit');

describe('the level of a running service', () => {
  beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }));
  afterEach(() => void vi.useRealTimers());

  it('can be changed, for its children too, and leaves an audit line (LOG-02)', () => {
    const { logger, lines } = recorded({ level: 'info', context: getContext });
    const child = logger.child({ module: 'orders' });
    const grandchild = child.child({ part: 'items' });
    const ownLevel = logger.child({ module: 'noisy' }, { level: 'error' });
    runWithContext({ userId: 'ann', requestId: 'r-1' }, () => logger.setLevel('debug', { reason: 'INC-7' }));
    for (const one of [logger, child, grandchild, ownLevel]) one.debug('seen');
    expect(told(lines())).toEqual(['seen', 'seen', 'seen']);
    expect(audited(lines())).toMatchObject([
      {
        level: 'info',
        msg: 'Log level changed',
        from: 'info',
        to: 'debug',
        reason: 'INC-7',
        userId: 'ann',
        requestId: 'r-1',
      },
    ]);
  });

  it('can be changed for a time: it comes back to what it was by itself, and says so', () => {
    const { logger, lines } = recorded({ level: 'warn' });
    logger.setLevel('debug', { forMs: 60_000 });
    logger.setLevel('trace', { forMs: 60_000 });
    vi.advanceTimersByTime(59_999);
    logger.trace('during');
    vi.advanceTimersByTime(1);
    logger.debug('after');
    logger.info('after');
    expect(logger.level).toBe('warn');
    expect(told(lines())).toEqual(['during']);
    expect(audited(lines()).map(({ msg, from, to, forMs }) => [msg, from, to, forMs])).toEqual([
      ['Log level changed', 'warn', 'debug', 60_000],
      ['Log level changed', 'debug', 'trace', 60_000],
      ['Log level is back', 'trace', 'warn', undefined],
    ]);
  });

  it('stays when it is changed for good before the time is over', () => {
    const { logger } = recorded({ level: 'warn' });
    logger.setLevel('debug', { forMs: 1_000 });
    logger.setLevel('error');
    vi.advanceTimersByTime(5_000);
    expect(logger.level).toBe('error');
  });

  it("is never switched off silently: setLevel refuses, and pino's own way is audited", () => {
    const { logger, lines } = recorded({ level: 'info' });
    // @ts-expect-error the mistake under test
    expect(() => logger.setLevel('silent')).toThrow(/setLevel\.level must be one of fatal.*cannot be switched off/);
    expect(() => logger.setLevel('info', { forMs: 0 })).toThrow(/setLevel\.forMs must be a whole number/);
    logger.level = 'silent';
    logger.fatal('lost');
    expect(audited(lines())).toMatchObject([{ from: 'info', to: 'silent' }]);
    expect(told(lines())).toEqual([]);
  });

  it('keeps no process alive and changes nothing after close()', async () => {
    const { logger } = recorded({ level: 'warn' });
    logger.setLevel('debug', { forMs: 1_000 });
    await logger.close();
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe('the audit channel', () => {
  it('has a file of its own, at every level, in both call orders, with ids and without secrets (X-55, SEC-12)', () => {
    const dir = newFolder();
    const { logger, lines } = recorded({ dir, level: 'silent', context: getContext });
    runWithContext({ userId: 'ann' }, () => logger.audit({ project: 7, password: 'hunter2' }, 'Project deleted'));
    logger.child({ module: 'billing' }).audit('Plan changed', { plan: 'pro' });
    const { audit } = logger;
    audit('bare');
    const expected = [
      { msg: 'Project deleted', userId: 'ann', project: 7, password: '[REDACTED]', channel: 'audit' },
      { msg: 'Plan changed', plan: 'pro', module: 'billing', channel: 'audit' },
      { msg: 'bare' },
    ];
    expect(fileLines(dir, 'audit/audit.jsonl')).toMatchObject(expected);
    expect(lines()).toMatchObject(expected);
    expect(fileLines(dir, 'app.log')).toEqual([]);
  });

  it("survives the runbook's cleaning of old logs, which deletes the others (LOG-75, X-55)", async () => {
    const dir = newFolder();
    const { logger } = recorded({ dir });
    logger.audit('Key rotated');
    await logger.close();
    const longAgo = new Date(Date.now() - 30 * 86_400_000);
    for (const name of ['app.log', 'audit/audit.jsonl']) utimesSync(join(dir, name), longAgo, longAgo);
    execFileSync('find', [dir, '-name', '*.log', '-mtime', '+7', '-delete']);
    expect(existsSync(join(dir, 'app.log'))).toBe(false);
    expect(fileLines(dir, 'audit/audit.jsonl')).toHaveLength(1);
  });

  it('can live elsewhere, without any other file', () => {
    const auditDir = join(newFolder(), 'for-years');
    const { logger } = recorded({ auditDir });
    logger.audit('Key rotated');
    expect(fileLines(auditDir, 'audit.jsonl')).toMatchObject([{ msg: 'Key rotated' }]);
    expect(() => recorded({ auditDir: '/proc/nowhere' })).toThrow(
      /createLogger\.auditDir must be a folder that can be/,
    );
  });
});
