import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { createLogger, SENSITIVE_FIELDS } from 'express-runbook';
import { requireTool } from '../support/real-tools.js';
import { fileLines, newFolder, parsed, recorded } from './recorded.js';

const jq = requireTool('jq');
const PROCESS = fileURLToPath(new URL('fixtures/logging-process.mjs', import.meta.url));

/** Only root may, and not in every container. */
const canMount = (() => {
  const dir = newFolder();
  const isMounted = spawnSync('mount', ['-t', 'tmpfs', 'tmpfs', dir]).status === 0;
  if (isMounted) spawnSync('umount', [dir]);
  return isMounted;
})();

const messages = (dir: string, name: string): unknown[] => fileLines(dir, name).map((line) => line.msg);

describe('log files', () => {
  it('are created with their folder: everything, errors, requests (LOG-70, X-21)', async () => {
    const dir = join(newFolder(), 'logs', 'deep');
    const { logger, lines } = recorded({ dir, level: 'info' });
    logger.info('told');
    logger.error('failed');
    logger.fatal('ended');
    logger.debug('silent');
    logger.access({ requestId: 'r-1', url: '/', statusCode: 200 }, 'Request completed');
    await logger.close();
    expect(messages(dir, 'app.log')).toEqual(['told', 'failed', 'ended', 'Request completed']);
    expect(messages(dir, 'error.log')).toEqual(['failed', 'ended']);
    expect(messages(dir, 'access.log')).toEqual(['Request completed']);
    expect(lines()).toHaveLength(4);
  });

  it('stay JSON when standard output is for people (LOG-09, LOG-14, X-22)', () => {
    const dir = newFolder();
    const { logger, text } = recorded({ dir, format: 'pretty' });
    logger.info('told');
    expect(text()).toMatch(/INFO: told/);
    expect(messages(dir, 'app.log')).toEqual(['told']);
  });

  it.each(['error', 'fatal'] as const)('have the request lines at level %s too (X-19, LOG-72)', (level) => {
    const dir = newFolder();
    const { logger, lines } = recorded({ dir, level });
    logger.access({ statusCode: 200 }, 'Request completed');
    expect(lines()).toHaveLength(1);
    expect(messages(dir, 'app.log')).toEqual(['Request completed']);
    expect(messages(dir, 'access.log')).toEqual(['Request completed']);
  });

  it('stay empty when the logger is silent', () => {
    const { logger, text } = recorded({ level: 'silent' });
    logger.fatal('no');
    logger.access({}, 'no');
    expect(text()).toBe('');
  });

  it('are complete when log.info() returns: nothing waits in memory (T-33)', () => {
    const dir = newFolder();
    const { logger } = recorded({ dir });
    for (let index = 0; index < 1_000; index++) logger.info({ index }, 'line');
    expect(fileLines(dir, 'app.log')).toHaveLength(1_000);
  });

  it('are opened again after rotation: later lines are in the new file, none is lost (LOG-74)', async () => {
    const dir = newFolder();
    const { logger } = recorded({ dir });
    logger.info('before');
    renameSync(join(dir, 'app.log'), join(dir, 'app.log.1'));
    logger.info('between');
    logger.reopen();
    logger.info('after');
    await logger.close();
    expect(messages(dir, 'app.log.1')).toEqual(['before', 'between']);
    expect(messages(dir, 'app.log')).toEqual(['after']);
  });

  it('are opened again without a word about standard output, which is no file (LOG-74)', () => {
    const dir = newFolder();
    const child = spawnSync(process.execPath, [PROCESS, 'reopen', dir], { encoding: 'utf8' });
    expect(child).toMatchObject({ status: 0, stderr: '' });
    expect(parsed(child.stdout).at(-1)).toMatchObject({ msg: 'after' });
    expect(messages(dir, 'app.log').slice(-2)).toEqual(['last', 'after']);
    expect(messages(dir, 'error.log')).toEqual(['last']);
  });

  it('refuse a folder that cannot be written, by name', () => {
    const dir = newFolder();
    writeFileSync(join(dir, 'file'), '');
    expect(() => createLogger({ dir: join(dir, 'file') })).toThrow(/createLogger\.dir must be a folder that can be/);
  });

  it('can be closed twice; what is logged after that is counted, not thrown', async () => {
    const dir = newFolder();
    const { logger } = recorded({ dir });
    logger.info('told');
    await Promise.all([logger.close(), logger.close()]);
    await logger.close();
    expect(logger.droppedLines()).toBe(0);
    logger.info('late');
    expect(logger.droppedLines()).toBe(1);
    expect(messages(dir, 'app.log')).toEqual(['told']);
  });

  it.skipIf(!existsSync('/dev/full'))('on a full disk cost lines but no request, and are counted (S18)', async () => {
    const dir = newFolder();
    symlinkSync('/dev/full', join(dir, 'app.log'));
    const warnings: string[] = [];
    const listen = (warning: Error): void => void warnings.push(warning.message);
    process.on('warning', listen);
    const { logger, lines } = recorded({ dir });
    for (let index = 0; index < 1_000; index++) logger.info({ filler: 'x'.repeat(2_000) }, 'line');
    await logger.close();
    process.off('warning', listen);
    expect(lines()).toHaveLength(1_000);
    expect(logger.droppedLines()).toBeGreaterThan(0);
    expect(warnings.filter((warning) => warning.includes('app.log'))).toHaveLength(1);
  });

  it.skipIf(!canMount)(
    'on a disk that has room again go on where they stopped, without a torn line (F23, S18)',
    async () => {
      const dir = newFolder();
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=256k', 'tmpfs', dir]);
      try {
        const filler = join(dir, 'filler');
        writeFileSync(filler, 'x'.repeat(200_000));
        const { logger } = recorded({ dir, includeHostname: false });
        for (let index = 0; index < 500; index++) logger.info({ index, filler: 'x'.repeat(100) }, 'line');
        rmSync(filler);
        logger.info('after');
        await logger.close();
        const indices = fileLines(dir, 'app.log').map((line) => line.index);
        expect(logger.droppedLines() + indices.length).toBe(501);
        expect(indices.slice(0, -1)).toEqual(indices.slice(1).map((_, index) => index));
      } finally {
        execFileSync('umount', [dir]);
      }
    },
  );

  it.skipIf(!existsSync('/dev/full'))(
    'begin with a whole line when they are rotated while the disk is full (T-47)',
    async () => {
      const dir = newFolder();
      symlinkSync('/dev/full', join(dir, 'app.log'));
      const { logger } = recorded({ dir });
      for (let index = 0; index < 10; index++) logger.info({ index }, 'held');
      renameSync(join(dir, 'app.log'), join(dir, 'app.log.1'));
      logger.reopen();
      logger.info('after');
      await logger.close();
      expect(messages(dir, 'app.log')).toEqual(['after']);
      expect(logger.droppedLines()).toBe(10);
    },
  );

  it('wait at close for a standard output that was handed in and is slow', async () => {
    const stdout = new PassThrough({ highWaterMark: 1 });
    const logger = createLogger({ stdout });
    for (let index = 0; index < 100; index++) logger.info({ index }, 'line');
    const read: Buffer[] = [];
    setImmediate(() => stdout.on('data', (chunk: Buffer) => read.push(chunk)));
    await logger.close();
    expect(parsed(Buffer.concat(read).toString())).toHaveLength(100);
    expect(stdout.writableEnded).toBe(false);
  });
});

describe.skipIf(!jq.isInstalled)('the queries of the runbooks, by the real jq', () => {
  function appLog(): string {
    const dir = newFolder();
    const { logger } = recorded({ dir, service: 'builder-api' });
    const request = { method: 'GET', correlationId: '7c9e6679', requestId: '550e8400' };
    logger.access({ ...request, url: '/api/users', statusCode: 200, duration: 1500 }, 'Request completed');
    logger.access({ ...request, url: '/api/users', statusCode: 503, duration: 12 }, 'Request completed');
    logger.warn({ usedPercent: 91 }, 'Memory usage above threshold');
    logger.warn({ query: 'SELECT 1', duration: 150, requestId: '550e8400' }, 'Slow database query detected');
    logger.error({ userId: 123, err: new Error('boom') }, 'Error occurred');
    logger.info({ a: 1 });
    return readFileSync(join(dir, 'app.log'), 'utf8');
  }

  it.each([
    ['select(.requestId == "550e8400") | .msg', 3],
    ['select(.correlationId == "7c9e6679") | .msg', 2],
    ['select(.level == "error") | .msg', 1],
    ['select(.level == "error" or .level == "warn") | .msg', 3],
    ['select(.statusCode >= 500) | .msg', 1],
    ['select(.duration > 1000) | .msg', 1],
    ['select(.timestamp > "2020-01-01T00:00:00") | .msg', 6],
    ['select(.url != null) | .url', 2],
    ['select(.userId == "123" and .level == "error") | .msg', 1],
    ['select(.msg == "Slow database query detected") | {query, duration, requestId} | select(all(.[]; . != null))', 1],
    ['select(.msg | contains("Memory")) | .msg', 1],
  ])('%s finds what it should (T-47)', (query, count) => {
    const found = jq.exec(['-c', query], appLog());
    expect(found).not.toContain('error:');
    expect(found.trim().split('\n')).toHaveLength(count);
  });
});

describe('the last line of a process', () => {
  it('reaches a slow reader of a pipe before close() resolves', async () => {
    const child = spawn(process.execPath, [PROCESS, 'close', newFolder()], { stdio: ['ignore', 'pipe', 'inherit'] });
    const chunks: Buffer[] = [];
    for await (const chunk of child.stdout) {
      chunks.push(chunk as Buffer);
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(parsed(Buffer.concat(chunks).toString())).toHaveLength(2_001);
  });

  it('does not matter to a process whose reader left: it goes on (F25)', () => {
    const dir = newFolder();
    mkdirSync(dir, { recursive: true });
    const script = `"${process.execPath}" "${PROCESS}" close "${dir}" | head -1`;
    const first = execFileSync('sh', ['-c', script], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
    expect(parsed(first)).toHaveLength(1);
    expect(fileLines(dir, 'app.log')).toHaveLength(2_001);
  });
});

it('SENSITIVE_FIELDS can be read and not be changed', () => {
  expect(SENSITIVE_FIELDS).toContain('password');
  expect(Object.isFrozen(SENSITIVE_FIELDS)).toBe(true);
});
