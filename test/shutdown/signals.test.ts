import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import http from 'node:http';
import type { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it, vi } from 'vitest';
import { requireTool } from '../support/real-tools.js';
import { startService } from './service.js';

const COMPLETED = 'Shutdown completed';

describe('a process that is told to stop', () => {
  it.each(['SIGTERM', 'SIGINT'] as const)(
    'finishes the request under way and exits 0 on %s (PRC-01, PRC-02, LOG-48, X-45)',
    async (signal) => {
      const service = await startService({ hooks: [{ name: 'database' }] });
      const answer = service.get('/slow?ms=300');
      await service.get('/');
      service.kill(signal);
      expect(await answer).toMatchObject({ status: 200, body: '{"answered":true}', connection: 'close' });
      expect(await service.exit).toBe(0);
      expect(service.lines).toContainEqual({
        level: 'info',
        msg: `${signal} received, closing database connections`,
        reason: signal,
        signal,
      });
      expect(service.lines).toContainEqual(expect.objectContaining({ level: 'info', msg: COMPLETED, exitCode: 0 }));
    },
  );

  it('closes the database only after the last answer, and flushes the log last of all (PRC-16)', async () => {
    const service = await startService({ hooks: [{ name: 'database' }] });
    let answeredAt = Infinity;
    const answer = service.get('/slow?ms=200').then(() => (answeredAt = Date.now()));
    await service.get('/');
    service.kill('SIGTERM');
    await service.line('hook');
    const closedAt = Date.now();
    await answer;
    expect(answeredAt).toBeLessThanOrEqual(closedAt + 20);
    await service.exit;
    expect(service.lines.map(({ msg }) => msg).slice(-3)).toEqual(['hook', COMPLETED, 'flushed']);
  });

  it('goes on serving during the delay: readiness 503, liveness 200, every answer closes its connection (HLT-16)', async () => {
    const service = await startService({ options: { delayMs: 500 } });
    const agent = new http.Agent({ keepAlive: true });
    expect(await service.get('/ready', agent)).toMatchObject({ status: 200, connection: 'keep-alive' });
    service.kill('SIGTERM');
    await service.line('SIGTERM received, closing database connections');
    expect(await service.get('/ready', agent)).toMatchObject({ status: 503, connection: 'close' });
    expect(await service.get('/live')).toMatchObject({ status: 200, connection: 'close' });
    expect(await service.get('/')).toMatchObject({ status: 200, connection: 'close', body: '{"state":"draining"}' });
    expect(await service.get('/nowhere')).toMatchObject({ status: 404, connection: 'close' });
    expect(await service.exit).toBe(0);
    expect((await service.line(COMPLETED)).delayedMs).toBeGreaterThanOrEqual(490);
  });

  it('refuses new connections after the delay, while requests under way go on', async () => {
    const service = await startService();
    const answer = service.get('/slow?ms=400');
    await service.get('/');
    service.kill('SIGTERM');
    await service.line('SIGTERM received, closing database connections');
    await sleep(50);
    await expect(service.get('/')).rejects.toThrow('ECONNREFUSED');
    expect(await answer).toMatchObject({ status: 200 });
  });

  it('cuts a request that never ends, names it without its URL, and exits 1 (PRC-13)', async () => {
    const service = await startService({ options: { timeoutMs: 200 }, hooks: [{ name: 'database' }] });
    const hung = service.get('/hang?token=secret').catch((error: unknown) => error);
    await service.line('hanging');
    service.kill('SIGTERM');
    expect(await service.exit).toBe(1);
    expect(await hung).toBeInstanceOf(Error);
    expect(service.lines).toContainEqual(
      expect.objectContaining({
        msg: 'Requests cut by shutdown',
        requests: [expect.objectContaining({ route: '/hang' })],
      }),
    );
    expect(service.lines).toContainEqual(expect.objectContaining({ level: 'warn', msg: COMPLETED, cutRequests: 1 }));
    expect(service.lines.map(({ msg }) => msg)).toContain('hook');
    expect(JSON.stringify(service.lines)).not.toContain('secret');
  });

  it.each([
    ['130', 'SIGINT', 130],
    ['143', 'SIGTERM', 143],
  ] as const)('exits %s at once on a second signal, %s (PRC-13)', async (_label, signal, code) => {
    const service = await startService({ options: { delayMs: 60_000 } });
    service.kill('SIGTERM');
    await service.line('SIGTERM received, closing database connections');
    service.kill(signal);
    expect(await service.exit).toBe(code);
    expect(service.lines.map(({ msg }) => msg)).not.toContain(COMPLETED);
  });

  it('tells a supervisor that forked it as soon as it is ready', async () => {
    const service = await startService();
    expect(service.messages).toEqual(['ready']);
  });

  it('ends without the delay when it was not serving yet', async () => {
    const service = await startService({
      neverListens: true,
      options: { delayMs: 60_000 },
      hooks: [{ name: 'database' }],
    });
    service.kill('SIGTERM');
    expect(await service.exit).toBe(0);
    expect((await service.line('hook')).signal).toBe('SIGTERM');
  });

  it('reopens its log files on SIGHUP and goes on serving (PRC-04)', async () => {
    const service = await startService({ reopen: true });
    service.kill('SIGHUP');
    await service.line('reopened');
    expect(await service.get('/')).toMatchObject({ status: 200, body: '{"state":"ready"}' });
    service.kill('SIGTERM');
    expect(await service.exit).toBe(0);
  });

  it('writes a CPU profile on SIGUSR2 and goes on serving (PRC-05, T-27, X-46)', async () => {
    const profileDir = mkdtempSync(join(tmpdir(), 'profiles-'));
    const service = await startService({ profileDir });
    service.kill('SIGUSR2');
    const { file } = await service.line('CPU profile written');
    expect(JSON.parse(readFileSync(String(file), 'utf8'))).toHaveProperty('nodes');
    expect(await service.get('/')).toMatchObject({ status: 200 });
    service.kill('SIGTERM');
    expect(await service.exit).toBe(0);
    rmSync(profileDir, { recursive: true });
  });

  it('says why no profile could be taken, and goes on serving', async () => {
    const service = await startService({ profileDir: '/dev/null' });
    service.kill('SIGUSR2');
    expect(await service.line('Profile could not be taken')).toMatchObject({ level: 'error' });
    expect(await service.get('/')).toMatchObject({ status: 200 });
    service.kill('SIGTERM');
    expect(await service.exit).toBe(0);
  });
});

describe('connections that have no request under way', () => {
  const HALF_A_HEADER = 'GET / HTTP/1.1\r\nHost: x\r\nX-Half: ';
  const UPGRADE = 'GET / HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: test\r\n\r\n';

  it.each([
    ['a silent one', ''],
    ['one with half a header block', HALF_A_HEADER],
    ['an upgraded one', UPGRADE],
  ])('do not hold up the exit: %s is closed after the grace', async (_what, bytes) => {
    const service = await startService({ options: { silentSocketGraceMs: 200, timeoutMs: 30_000 } });
    const socket = await service.socket(bytes);
    await service.get('/');
    service.kill('SIGTERM');
    socket.resume();
    await once(socket, 'close');
    expect(await service.exit).toBe(0);
    expect(await service.line(COMPLETED)).toMatchObject({ cutRequests: 0, closedQuietConnections: 1 });
  });

  it('are closed although the client drips header bytes', async () => {
    const service = await startService({ options: { silentSocketGraceMs: 200, timeoutMs: 30_000 } });
    const socket = await service.socket(HALF_A_HEADER);
    const drip = setInterval(() => socket.write('x'), 20);
    socket.on('error', () => undefined);
    await service.get('/');
    service.kill('SIGTERM');
    expect(await service.exit).toBe(0);
    clearInterval(drip);
  });

  it('are given up at once when they were idle for longer than the grace: a keep-alive client costs no waiting', async () => {
    const service = await startService({ options: { silentSocketGraceMs: 300, timeoutMs: 30_000 } });
    const agent = new http.Agent({ keepAlive: true });
    await service.get('/', agent);
    await sleep(350);
    service.kill('SIGTERM');
    expect(await service.exit).toBe(0);
    expect((await service.line(COMPLETED)).drainMs).toBeLessThan(250);
  });

  it('still get their answer when a request arrives within the grace, then the connection ends', async () => {
    const service = await startService();
    const socket = await service.socket('');
    await service.get('/');
    service.kill('SIGTERM');
    await service.line('SIGTERM received, closing database connections');
    await sleep(100);
    let answer = '';
    socket.setEncoding('utf8').on('data', (text: string) => (answer += text));
    socket.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
    await once(socket, 'close');
    expect(answer).toMatch(/^HTTP\/1\.1 200 OK\r\n[^]*Connection: close[^]*"state":"stopped"/);
    expect(await service.exit).toBe(0);
  });
});

describe('long connections', () => {
  const REQUEST = (path: string) => `GET ${path} HTTP/1.1\r\nHost: x\r\n\r\n`;
  const told = (socket: Socket): Promise<string> => text(socket).catch(() => 'cut');

  it('server-sent events end in order when their handler listens to the draining signal, and exit is 0', async () => {
    const service = await startService({ options: { timeoutMs: 30_000 } });
    const socket = await service.socket(REQUEST('/events?listens'));
    await once(socket, 'readable');
    service.kill('SIGTERM');
    // The end of the stream, of its chunks and of the connection.
    expect(await told(socket)).toMatch(/data: hello[^]*data: bye\n\n\r\n0\r\n\r\n$/);
    expect(await service.exit).toBe(0);
    expect(await service.line(COMPLETED)).toMatchObject({ cutRequests: 0 });
  });

  it('server-sent events that nobody ends are cut at the deadline and named', async () => {
    const service = await startService({ options: { timeoutMs: 300 } });
    const socket = await service.socket(REQUEST('/events'));
    await once(socket, 'readable');
    service.kill('SIGTERM');
    await told(socket);
    expect(await service.exit).toBe(1);
    expect(await service.line('Requests cut by shutdown')).toMatchObject({ requests: [{ route: '/events' }] });
  });

  it('an upgraded connection whose handler says goodbye is not held up by the grace, and gets its close frame', async () => {
    const service = await startService({ options: { timeoutMs: 30_000, silentSocketGraceMs: 20_000 } });
    const upgrade = 'GET /listens HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n';
    const socket = await service.socket(upgrade);
    const frames: Buffer[] = [];
    socket.on('data', (bytes: Buffer) => frames.push(bytes));
    await once(socket, 'data');
    service.kill('SIGTERM');
    await once(socket, 'close');
    expect(Buffer.concat(frames).subarray(-4)).toEqual(Buffer.of(0x88, 2, 3, 0xe9));
    expect(await service.exit).toBe(0);
  });

  it('a request whose bytes lie in the kernel when listening ends is answered, on a connection that was idle', async () => {
    const service = await startService({ blockMs: 400, options: { silentSocketGraceMs: 0, timeoutMs: 30_000 } });
    const sockets = await Promise.all(Array.from({ length: 5 }, () => service.socket(REQUEST('/'))));
    await Promise.all(sockets.map((socket) => once(socket, 'readable')));
    service.kill('SIGTERM');
    await service.line('blocked');
    for (const socket of sockets) socket.write(REQUEST('/'));
    const answers = await Promise.all(sockets.map(told));
    expect(answers.map((answer) => answer.match(/HTTP\/1\.1 200 OK/g)?.length)).toEqual(Array(5).fill(2));
    expect(await service.exit).toBe(0);
  });
});

describe('work outside of requests', () => {
  it('that was announced is waited for', async () => {
    const service = await startService({ hooks: [{ name: 'database' }], options: { timeoutMs: 30_000 } });
    await service.get('/job?name=invoice%2042&ms=400');
    service.kill('SIGTERM');
    expect(await service.exit).toBe(0);
    expect(service.lines.map(({ msg }) => msg).slice(-4)).toEqual(['job done', 'hook', COMPLETED, 'flushed']);
  });

  it('that is not over at the deadline is named in the line that reports the shutdown, and exit is 1', async () => {
    const service = await startService({ options: { timeoutMs: 100 } });
    await service.get('/job?name=invoice%2042');
    service.kill('SIGTERM');
    expect(await service.exit).toBe(1);
    const { unfinishedWork } = await service.line(COMPLETED);
    expect(unfinishedWork).toEqual([{ name: 'invoice 42', ageMs: expect.any(Number) }]);
  });

  it('that nobody announced is seen by what it would keep the process alive with', async () => {
    const [clean, leaking] = await Promise.all([startService(), startService()]);
    await leaking.get('/leak');
    const kept = [];
    for (const service of [clean, leaking]) {
      service.kill('SIGTERM');
      expect(await service.exit).toBe(0);
      kept.push((await service.line(COMPLETED)).keptAliveBy);
    }
    expect(kept[0]).not.toHaveProperty('Timeout');
    expect(kept[1]).toMatchObject({ Timeout: 1 });
  });
});

describe('systemd', () => {
  const python = requireTool('python3');
  const notify = requireTool('systemd-notify');
  const LISTENER = `
import socket, sys
listener = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
listener.bind(sys.argv[1])
print('bound', flush=True)
while True:
    for state in listener.recv(4096).decode().split('\\n'):
        print(state, flush=True)`;

  it.skipIf(!python.isInstalled || !notify.isInstalled)(
    'hears READY, RELOADING and READY again, STOPPING (PRC-11)',
    async () => {
      const folder = mkdtempSync(join(tmpdir(), 'notify-'));
      const notifySocket = join(folder, 'socket');
      const listener = spawn('python3', ['-c', LISTENER, notifySocket], { stdio: ['ignore', 'pipe', 'inherit'] });
      let heard = '';
      listener.stdout.setEncoding('utf8').on('data', (said: string) => (heard += said));
      await vi.waitUntil(() => heard !== '', { timeout: 10_000 });
      const service = await startService({ reopen: true, options: { notifySocket } });
      service.kill('SIGHUP');
      await service.line('reopened');
      service.kill('SIGTERM');
      expect(await service.exit).toBe(0);
      listener.kill();
      const states = heard.split('\n').filter((state) => /^(READY|RELOADING|STOPPING)=/.test(state));
      expect(states).toEqual(['READY=1', 'RELOADING=1', 'READY=1', 'STOPPING=1']);
      expect(heard).toMatch(/^MONOTONIC_USEC=\d+$/m);
      rmSync(folder, { recursive: true });
    },
  );

  it('costs the service nothing when it cannot be told', async () => {
    const service = await startService({ options: { notifySocket: '/nonexistent/socket' } });
    expect(await service.get('/')).toMatchObject({ status: 200 });
    service.kill('SIGTERM');
    expect(await service.exit).toBe(0);
    expect(await service.line('systemd could not be told')).toMatchObject({ level: 'warn' });
  });
});

describe('hooks', () => {
  it('run in reverse order, are told why, and one that throws or hangs does not stop the next; then exit is 1', async () => {
    const service = await startService({
      options: { hookTimeoutMs: 1_000 },
      hooks: [
        { name: 'database' },
        { name: 'queue', how: 'throws' },
        { name: 'cache', how: 'hangs', timeoutMs: 100 },
        { name: 'mail' },
      ],
    });
    service.kill('SIGTERM');
    expect(await service.exit).toBe(1);
    const told = service.lines.filter(({ msg }) => msg === 'hook');
    expect(told.map(({ hook }) => hook)).toEqual(['mail', 'cache', 'queue', 'database']);
    expect(told[1]).toMatchObject({ reason: 'SIGTERM', signal: 'SIGTERM', timeLeftMs: 100 });
    const { hooks } = await service.line(COMPLETED);
    expect(hooks).toEqual([
      { name: 'mail', outcome: 'closed', durationMs: expect.any(Number) },
      { name: 'cache', outcome: 'timed out', durationMs: expect.any(Number) },
      { name: 'queue', outcome: 'failed', durationMs: expect.any(Number) },
      { name: 'database', outcome: 'closed', durationMs: expect.any(Number) },
    ]);
    expect(service.lines).toContainEqual(
      expect.objectContaining({
        msg: 'Shutdown hook failed',
        hook: 'queue',
        err: { type: 'Error', message: 'pool is broken' },
      }),
    );
  });
});
