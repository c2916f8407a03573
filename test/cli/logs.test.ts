import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createLogger, type LoggerOptions } from 'express-runbook';
import { filtersOf, type LineQuestion } from '../../src/cli/logs/line-filter.js';
import { logLine } from '../../src/cli/logs/log-line.js';
import { scan } from '../../src/cli/logs/scan.js';
import { BIN, call } from './call.js';
import { cli, startBin } from './cli.js';
import { useFolder } from './fixtures.js';
import { dayOfLines, flatLine, REQUEST_ID, requestLine, written } from './log-lines.js';

const folder = useFolder();

async function document(...args: string[]): Promise<Record<string, unknown>> {
  const { exitCode, stdout, stderr } = await cli(['logs', ...args, '--json']);
  expect({ exitCode, stderr }).toMatchObject({ exitCode: 0 });
  return JSON.parse(stdout) as Record<string, unknown>;
}

async function file(name: string, content: string | Buffer): Promise<string> {
  const path = join(folder.path, name);
  await writeFile(path, content);
  return path;
}

describe('express-runbook logs', () => {
  it.each(['flat', 'nested', 'winston'] as const)(
    'asks the same questions of lines of the schema %s (X-17)',
    async (schema) => {
      const path = await file('app.log', writtenAs(schema));
      const { groups } = (await document('errors', path)) as { groups: Record<string, unknown>[] };
      expect(groups.map(({ message, count, requestId }) => [message, count, requestId])).toEqual([
        ['Error occurred', 2, 'r-2'],
        ['Out of memory', 1, 'r-3'],
      ]);
      const { endpoints } = (await document('endpoints', path)) as { endpoints: unknown[] };
      expect(endpoints).toMatchObject([
        { endpoint: 'GET /users/:id', count: 2, failed: 1, p50: 12, max: 1500, requestId: 'r-2' },
      ]);
      const { queries } = (await document('queries', path)) as { queries: unknown[] };
      expect(queries).toMatchObject([{ query: 'SELECT 1', count: 1, max: 250, requestId: 'r-2' }]);
      const count = async (...args: string[]): Promise<number> =>
        Number((await cli(['logs', 'show', path, '--count', ...args])).stdout);
      expect(await count('--user', '123')).toBe(4);
      expect(await count('--client', 'acme', '--status', '5xx')).toBe(1);
      expect(await count('--level', 'fatal')).toBe(1);
      expect(await count('--longer-than', '1499', '--url', '/users/2')).toBe(1);
      expect(await count('--message', 'memory', '--message', 'database')).toBe(2);
      expect(await count('--correlation', 'c-2')).toBe(4);
      expect(await count('--since', '1h')).toBe(7);
      expect(await count('--until', '1h')).toBe(0);
    },
  );

  it('understands lines with the level numbers and times of pino', async () => {
    const path = await file(
      'pino.log',
      '{"level":50,"time":1730894400000,"msg":"no"}\n{"level":30,"time":1730894400001}\n',
    );
    const { stdout } = await cli(['logs', 'show', path, '--level', 'error', '--until', '2024-11-06 12:00:01']);
    expect(stdout).toBe('2024-11-06T12:00:00.000Z  ERROR  no\n');
  });

  it('counts lines that are no JSON and goes on, whatever it looks for (LOG-14)', async () => {
    const [whole = '', cut = ''] = [flatLine(1, { level: 'error', msg: 'one' }), flatLine(1, { level: 'error' })].map(
      (line) => JSON.stringify(line),
    );
    const path = await file(
      'app.log',
      `${whole}\r\nTypeError: no\n\n${cut.slice(0, 70)}\n${whole.slice(0, -1)},}\nbackend-1  | ${whole}\n[1,2]\n"text"\n${whole}`,
    );
    for (const filter of [[], ['--level', 'error'], ['--grep', 'one']]) {
      const { exitCode, stdout, stderr } = await cli(['logs', 'show', path, '--json', ...filter]);
      expect(stdout).toBe(`${whole}\n${whole}\n${whole}\n`);
      expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '3 of 8 lines, 5 not JSON\n' });
    }
  });

  it('loses no line by looking at its bytes first', async () => {
    const text = fc.oneof(
      fc.constantFrom('a-1', 'error', 'Slow ä', '/a"b', 'x\\y'),
      fc.string(),
      fc.string({ unit: 'grapheme' }),
    );
    const line = fc.record(
      {
        level: fc.constantFrom('error', 'ERROR', 'info', 50),
        msg: text,
        requestId: text,
        userId: text,
        url: text,
        statusCode: fc.integer({ min: 100, max: 599 }),
        duration: fc.oneof(fc.integer({ min: 0, max: 20_000 }), fc.double({ min: 0, noNaN: true })),
      },
      { requiredKeys: [] },
    );
    const status = fc.integer({ min: 100, max: 599 });
    const question = fc.oneof(
      fc.constantFrom<LineQuestion>({ level: ['error'] }, { level: ['info', 'fatal'] }),
      status.map((from): LineQuestion => ({ status: [{ from, to: from + 120 }] })),
      fc.integer({ min: 0, max: 20_000 }).map((longerThan): LineQuestion => ({ longerThan })),
      text.map((request): LineQuestion => ({ request })),
      text.map((url): LineQuestion => ({ url })),
      fc.tuple(text, text).map((message): LineQuestion => ({ message })),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(line, { maxLength: 20 }), question, async (lines, asked) => {
        const filters = filtersOf(asked);
        const texts = lines.map((one) => JSON.stringify(one));
        const expected = texts.filter((one) => filters.every(({ accepts }) => accepts(logLine(one)!)));
        const found: string[] = [];
        const input = inPieces(Buffer.from(texts.map((one) => `${one}\n`).join('')), 37);
        const tally = { lines: 0, matched: 0, broken: 0 };
        const signal = new AbortController().signal;
        await scan(input, filters, { take: (one) => void found.push(one.text) }, tally, signal);
        expect(found).toEqual(expected);
        expect(tally).toEqual({ lines: lines.length, matched: expected.length, broken: 0 });
      }),
      { numRuns: 300 },
    );
  });

  it('puts the lines of an id from all files in the order of time, packed ones too, each once', async () => {
    const lines = Array.from({ length: 6 }, (_, index) =>
      flatLine(10 - index, { requestId: 'r-1', msg: `step ${index}` }),
    );
    const other = written([flatLine(3)]);
    const files = [
      await file('app.log', other + written(lines.slice(4))),
      await file('app.log.1', written(lines.slice(2, 4)) + other),
      await file('app.log.2.gz', gzipSync(written(lines.slice(0, 2)))),
      await file('error.log', written(lines.slice(5))),
    ];
    const traced = (await document('trace', 'r-1', ...files)) as unknown as Record<string, unknown>[];
    expect(traced).toEqual(lines);
    const { stdout } = await cli(['logs', 'trace', 'r-1', ...files]);
    const [from, first, second, , , , last] = stdout.split('\n');
    expect(from).toBe(`from ${String(lines[0]?.timestamp)}`);
    expect(first).toBe('     +0 ms  INFO   step 0  requestId=r-1');
    expect(second).toMatch(/^ \+\d{5} ms {2}INFO {3}step 1/);
    expect(last).toMatch(/^\+\d{6} ms {2}INFO {3}step 5/);
    expect((await cli(['logs', 'trace', 'nobody', ...files])).stdout).toBe('nothing of nobody\n');
  });

  it('reads beside a file what rotation has put aside, the oldest first', async () => {
    const path = await file('app.log', written([flatLine(1, { msg: 'new' })]));
    await file('app.log.2.gz', gzipSync(written([flatLine(3, { msg: 'oldest' })])));
    await pause(15);
    await file('app.log-20241106', written([flatLine(2, { msg: 'old' })]));
    await file('app.logger', written([flatLine(2, { msg: 'of somebody else' })]));
    await symlink(join(folder.path, 'gone'), join(folder.path, 'app.log.3.gz'));
    const { stdout } = await cli(['logs', 'show', path, '--rotated', '--json']);
    expect(messagesOf(stdout)).toEqual(['oldest', 'old', 'new']);
  });

  it('reads of a file that is still being packed what is there, and says when one is damaged', async () => {
    const packed = gzipSync(written(Array.from({ length: 500 }, () => flatLine(1))));
    const half = await file('app.log.1.gz', packed.subarray(0, packed.length / 2));
    expect(Number((await cli(['logs', 'show', half, '--count'])).stdout)).toBeGreaterThan(100);
    const damaged = await file('app.log.2.gz', Buffer.from('1f8b00ff', 'hex'));
    const { exitCode, stderr } = await cli(['logs', 'show', damaged]);
    expect({ exitCode, stderr }).toEqual({
      exitCode: 2,
      stderr: expect.stringMatching(/^error: cannot read .*app\.log\.2\.gz: \w/),
    });
  });

  it.each([
    ['exact below a second', 983, 0],
    ['within 0.5 % above', 4999, 0.005],
  ])('says how long requests took, by nearest ranks: %s', async (_how, longest, tolerance) => {
    const took = Array.from({ length: 997 }, (_, index) => (index * 7919) % longest);
    const path = await file('app.log', written(took.map((duration) => requestLine(1, '/a?b=c', 200, duration))));
    const { endpoints } = (await document('endpoints', path, '--sort', 'p95')) as {
      endpoints: Record<string, number>[];
    };
    const sorted = took.toSorted((one, other) => one - other);
    for (const [name, share] of [
      ['p50', 0.5],
      ['p95', 0.95],
      ['p99', 0.99],
    ] as const) {
      const exact = sorted[Math.ceil(share * took.length) - 1]!;
      expect(Math.abs(endpoints[0]![name]! - exact)).toBeLessThanOrEqual(exact * tolerance);
    }
    expect(endpoints[0]).toMatchObject({ endpoint: 'GET /a', count: 997, max: Math.max(...took) });
  });

  it('counts a slow request once, and sorts by what is asked for', async () => {
    const [slow, often] = [requestLine(2, '/slow', 200, 1500), requestLine(1, '/often', 500, 5)];
    const path = await file(
      'app.log',
      written([often, often, slow, { ...slow, level: 'warn', msg: 'Slow HTTP request detected' }]),
    );
    const order = async (...args: string[]): Promise<unknown> =>
      (
        (await document('endpoints', path, ...args)) as { endpoints: { endpoint: string; count: number }[] }
      ).endpoints.map(({ endpoint, count }) => [endpoint, count]);
    expect(await order()).toEqual([
      ['GET /often', 2],
      ['GET /slow', 1],
    ]);
    expect(await order('--sort', 'p99')).toEqual([
      ['GET /slow', 1],
      ['GET /often', 2],
    ]);
    expect(await order('--sort', 'failed', '--limit', '1')).toEqual([['GET /often', 2]]);
  });

  it('shows groups as a table with bars over time, and nothing that a terminal obeys', async () => {
    const hostile = flatLine(61, { level: 'error', msg: 'gone \u001b[2J\u202e', requestId: 'r-1' });
    const at = '2024-11-06T12:';
    const lines = [
      ['00', 'down'],
      ['30', 'down'],
      ['59', 'up?'],
    ].map(([minute, msg]) => ({ level: 'error', msg, timestamp: `${at}${minute}:00.000Z`, requestId: 'r' }));
    const { stdout } = await cli(['logs', 'errors', await file('app.log', written(lines))]);
    expect(stdout).toMatch(/^2024-11-06 12:00:00 {2}1 {2}#{40}\n2024-11-06 12:05:00 {2}0\n/);
    expect(stdout).toContain(`\n2      down     ${at}00:00.000Z  ${at}30:00.000Z  r\n1      up?  `);
    const shown = [
      await cli(['logs', 'errors', await file('hostile.log', written([hostile]))]),
      await cli(['logs', 'show', join(folder.path, 'hostile.log')]),
      await cli(['logs', 'volume', join(folder.path, 'hostile.log'), '--samples', '1']),
      await cli(['logs', 'trace', 'r-1', join(folder.path, 'hostile.log')]),
    ];
    // eslint-disable-next-line no-control-regex -- those are what must not get out
    for (const one of shown) expect(one.stdout).not.toMatch(/[\u001b\u202e]/);
  });

  it.each([
    [
      'error',
      [
        ['no such file', 2],
        ['Slow', 1],
      ],
    ],
    ['endpoint', [['GET /a', 1]]],
    ['user', [['7', 2]]],
  ])('groups errors by %s', async (by, expected) => {
    const path = await file(
      'app.log',
      written([
        flatLine(3, { level: 'error', msg: 'Error occurred', err: { message: 'no such file' }, userId: '7' }),
        flatLine(2, { level: 'error', msg: 'Failed', error: 'no such file', userId: '7' }),
        requestLine(1, '/a?b', 500, 3, { msg: 'Slow' }),
      ]),
    );
    const { groups } = (await document('errors', path, '--by', by)) as { groups: Record<string, unknown>[] };
    expect(groups.map((group) => [group[by], group.count])).toEqual(expected);
  });

  it('says what fills the log, with lines picked from all of it', async () => {
    const lines = [
      ...Array.from({ length: 300 }, (_, index) => flatLine(1, { msg: 'Tick', index })),
      flatLine(1, { msg: 'Once' }),
    ];
    const path = await file('app.log', written(lines));
    const { kinds } = (await document('volume', path, '--samples', '5')) as { kinds: { samples: string[] }[] };
    expect(kinds).toMatchObject([
      { message: 'Tick', lines: 300, share: expect.closeTo(0.997, 2) },
      { message: 'Once', lines: 1 },
    ]);
    const picked = kinds[0]!.samples.map((text) => (JSON.parse(text) as { index: number }).index);
    expect(new Set(picked).size).toBe(5);
    // The first five alone come out once in 10¹⁰ times.
    expect(picked.some((index) => index >= 5)).toBe(true);
  });

  it('keeps no more keys than memory is meant for, and counts the rest', async () => {
    const lines = Array.from({ length: 10_050 }, (_, index) => ({
      msg: 'Request completed',
      url: `/u/${index}`,
      duration: 1,
    }));
    const { endpoints, others } = await document('endpoints', await file('app.log', written(lines)), '--by', 'url');
    expect((endpoints as unknown[]).length + Number(others)).toBe(10_050);
    expect(others).toBe(50);
  });

  it('reads the last lines from the end of a file, also of lines longer than a block', async () => {
    const lines = Array.from({ length: 40 }, (_, index) => ({
      msg: String(index),
      filler: 'x'.repeat(index % 3 === 0 ? 70_000 : index),
    }));
    const text = written(lines);
    for (const content of [text, text.slice(0, -1)]) {
      const path = await file('app.log', content);
      for (const count of [1, 2, 7, 39, 40, 41]) {
        const { stdout } = await cli(['logs', 'show', path, '--tail', String(count), '--json']);
        expect(messagesOf(stdout)).toEqual(lines.slice(-count).map(({ msg }) => msg));
      }
    }
    expect((await cli(['logs', 'show', await file('empty.log', ''), '--tail', '3'])).stdout).toBe('');
  });

  it('reads standard input, and where a person types the log of the service', async () => {
    const text = written(dayOfLines());
    const { stdout } = await call(
      ['logs', 'show', '--request', REQUEST_ID, '--count'],
      [text.slice(0, 1000), text.slice(1000)],
    );
    expect(stdout).toBe('2\n');
    mkdirSync(join(folder.path, 'var'));
    await file('var/app.log', text);
    const env = { LOG_DIR: join(folder.path, 'var') };
    expect(
      (await call(['logs', 'show', '--request', REQUEST_ID, '--count'], [], { env, isInteractive: true })).stdout,
    ).toBe('2\n');
  });

  it('follows what is written, over a rotation during which the old file goes on', { timeout: 20_000 }, async () => {
    const path = await file('app.log', written([flatLine(2, { msg: 'before' })]));
    const child = startBin('', ['logs', 'show', path, '--follow', '--level', 'info', '--json']);
    const ended = new Promise((resolve) => child.once('exit', resolve));
    let stdout = '';
    child.stdout?.setEncoding('utf8').on('data', (text: string) => (stdout += text));
    const write = (to: string, msg: string): void => appendFileSync(to, written([flatLine(0, { msg })]));
    await expect.poll(() => messagesOf(stdout), { timeout: 10_000 }).toEqual(['before']);
    write(path, 'live');
    await expect.poll(() => messagesOf(stdout), { timeout: 10_000 }).toEqual(['before', 'live']);
    renameSync(path, `${path}.1`);
    writeFileSync(path, '');
    write(`${path}.1`, 'late');
    await expect.poll(() => messagesOf(stdout), { timeout: 10_000 }).toEqual(['before', 'live', 'late']);
    write(`${path}.1`, 'last');
    write(path, 'new');
    await expect.poll(() => messagesOf(stdout), { timeout: 10_000 }).toEqual(['before', 'live', 'late', 'last', 'new']);
    // Killed in the middle of a line: what the next process writes first is a line of its own.
    appendFileSync(path, '{"msg":"to');
    renameSync(path, `${path}.2`);
    write(path, 'restarted');
    await expect.poll(() => messagesOf(stdout).at(-1), { timeout: 10_000 }).toBe('restarted');
    child.kill('SIGINT');
    expect(await ended).toBe(130);
  });

  it.each([
    ['a blank and no T', '2024-11-06 12:00:00.000Z'],
    ['no zone, which is meant as UTC', '2024-11-06T12:00:00.000'],
    ['an offset', '2024-11-06T14:00:00.000+02:00'],
  ])('finds the time in a timestamp with %s', async (_what, timestamp) => {
    const path = await file('odd.log', `${JSON.stringify({ level: 'info', timestamp, msg: 'odd' })}\n`);
    const count = async (...args: string[]) => (await call(['logs', 'show', path, '--count', ...args], [])).stdout;
    expect(await count('--since', '2024-11-06T11:59:59.000Z', '--until', '2024-11-06T12:00:01.000Z')).toBe('1\n');
    expect(await count('--since', '2024-11-06T12:00:01.000Z')).toBe('0\n');
  });

  it.each([['--tail=5'], ['--follow']])('refuses %s of a file that is packed, in words', async (option) => {
    const path = await file('app.log.1.gz', gzipSync(written([flatLine(1)])));
    const { exitCode, stdout, stderr } = await cli(['logs', 'show', path, option]);
    expect(stderr).toBe(
      `error: ${path} is packed: --tail and --follow take plain files; gunzip -c and tail -n before a pipe\n`,
    );
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
  });

  it('gives its result also when nobody hears what it says beside it', async () => {
    const child = startBin('', ['logs', 'show', await file('app.log', written([flatLine(1)])), '--json']);
    child.stderr?.destroy();
    let stdout = '';
    child.stdout?.setEncoding('utf8').on('data', (text: string) => (stdout += text));
    expect((await once(child, 'close'))[0]).toBe(0);
    expect(messagesOf(stdout)).toHaveLength(1);
  });

  it('ends at once on SIGTERM while it waits for a pipe in which nothing comes', { timeout: 20_000 }, async () => {
    const child = spawn(process.execPath, [BIN, 'logs', 'show', '--json'], { stdio: ['pipe', 'pipe', 'ignore'] });
    onTestFinished(() => void child.kill('SIGKILL'));
    const ended = once(child, 'close');
    child.stdin.write('{"msg":"the only one"}\n');
    await once(child.stdout, 'data');
    child.kill('SIGTERM');
    expect((await ended)[0]).toBe(143);
  });

  it.each([
    [['show', '/nonexistent/app.log'], /cannot read .*ENOENT/],
    [['show', '/'], /cannot read .*EISDIR/],
    [['show', '/nonexistent/app.log', '--rotated'], /^error: cannot read \/nonexistent: ENOENT$/m],
    [['show', '--level', 'eror'], /must be of trace, debug/],
    [['show', '--status', '6'], /such as 404, 5xx/],
    [['show', '--status', '500-400'], /such as 404, 5xx/],
    [['show', '--since', 'yesterday'], /so long ago/],
    [['show', '--since', '2024-13-01'], /so long ago/],
    [['show', '--tail', '5'], /put tail -n before the pipe/],
    [['show', 'a.log', 'b.log', '--follow'], /--follow takes one file/],
    [['show', 'a.log', '--follow', '--count'], /leave out --count/],
    [['errors', '--by', 'mesage'], /one of message, error/],
    [['trace'], /missing required argument 'id'/],
    [['erors'], /Did you mean errors/],
  ])('ends with 2 when it is called wrongly: %j', async (args, message) => {
    const { exitCode, stderr } = await cli(['logs', ...args]);
    expect(stderr).toMatch(message);
    expect(exitCode).toBe(2);
  });
});

/** The same events, as the logger writes them in each schema. */
function writtenAs(schema: NonNullable<LoggerOptions['schema']>): string {
  let text = '';
  const logger = createLogger({
    schema,
    level: 'debug',
    format: 'json',
    stdout: { write: (line: string) => void (text += line) },
  });
  const ids = (number: number): Record<string, unknown> => ({
    requestId: `r-${number}`,
    correlationId: 'c-2',
    userId: '123',
    clientId: 'acme',
  });
  const request = (number: number, statusCode: number, duration: number): Record<string, unknown> => ({
    ...ids(number),
    method: 'GET',
    url: `/users/${number}?q=1`,
    route: '/users/:id',
    statusCode,
    duration,
  });
  logger.info({ msg: 'Service started' });
  logger.access(request(1, 200, 12), 'Request completed');
  logger.warn({ ...ids(2), userId: undefined, query: 'SELECT 1', duration: 250 }, 'Slow database query detected');
  logger.error({ ...ids(2), correlationId: 'c-3', err: new Error('no such file') }, 'Error occurred');
  logger.error({ ...ids(2), clientId: undefined, error: 'no such file' }, 'Error occurred');
  logger.access(request(2, 500, 1500), 'Request completed');
  logger.fatal({ requestId: 'r-3' }, 'Out of memory');
  return text;
}

function messagesOf(stdout: string): unknown[] {
  const lines = stdout.split('\n').slice(0, -1);
  return lines.map((line) => (JSON.parse(line) as { msg: unknown }).msg);
}

async function* inPieces(bytes: Buffer, size: number): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += size) yield await Promise.resolve(bytes.subarray(at, at + size));
}
