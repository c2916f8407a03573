import { once } from 'node:events';
import http, { type Server } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { createGracefulShutdown, createHttpServer, type GracefulShutdownOptions } from 'express-runbook';
import { appWith, EXPRESS_MAJORS } from '../support/serve.js';

const open: Server[] = [];
afterEach(() => {
  vi.restoreAllMocks();
  for (const server of open.splice(0)) server.close().closeAllConnections();
});

async function listen(server: Server): Promise<number> {
  open.push(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

interface Answer {
  connection: string | undefined;
  body: string;
}

async function get(port: number, agent?: http.Agent): Promise<Answer> {
  const req = http.get({ host: '127.0.0.1', port, agent: agent ?? new http.Agent() });
  const [res] = (await once(req, 'response')) as [http.IncomingMessage];
  let body = '';
  for await (const chunk of res) body += String(chunk);
  return { connection: res.headers.connection, body };
}

describe('the options of createGracefulShutdown', () => {
  it.each([
    [{ timeoutMS: 1 }, 'gracefulShutdown.timeoutMS is not an option; did you mean timeoutMs?'],
    [{ timeoutMs: 99_999_999_999 }, 'gracefulShutdown.timeoutMs must be a whole number from 0 to 2147483647'],
    [{ delayMs: NaN }, 'gracefulShutdown.delayMs must be a whole number'],
    [{ delayMs: -1 }, 'gracefulShutdown.delayMs must be a whole number'],
    [{ delayMs: Infinity }, 'gracefulShutdown.delayMs must be a whole number'],
    [{ hookTimeoutMs: '5000' }, 'gracefulShutdown.hookTimeoutMs must be a whole number'],
    [{ signals: ['SIGKILL'] }, 'gracefulShutdown.signals item 0 must be one of'],
    [{ signals: ['SIGHUP'], onReopen: () => undefined }, 'gracefulShutdown.signals must not hold SIGHUP'],
    [
      { silentSocketGraceMs: 300, timeoutMs: 200 },
      'gracefulShutdown.silentSocketGraceMs (300) must not be above timeoutMs (200)',
    ],
    [
      { crashTimeoutMs: 300, timeoutMs: 200 },
      'gracefulShutdown.crashTimeoutMs (300) must not be above timeoutMs (200)',
    ],
    [
      { delayMs: 1_000, timeoutMs: 600, killAfterMs: 1_600 },
      'gracefulShutdown.killAfterMs (1600) must be above delayMs (1000) and timeoutMs (600) together',
    ],
    [{ killAfterMs: 2 ** 31 }, 'gracefulShutdown.killAfterMs must be a whole number from 1 to 2147483647'],
    [{ notifySocket: '' }, 'gracefulShutdown.notifySocket must be a string'],
    [{ logger: console }, 'gracefulShutdown.logger must have the method fatal'],
  ])('are refused by name: %j', (options, message) => {
    // Mistakes that plain JavaScript allows.
    expect(() => createGracefulShutdown(options as unknown as GracefulShutdownOptions)).toThrow(message);
  });

  it('let a short timeout stand alone: the grace does not contradict what nobody said', () => {
    expect(() => createGracefulShutdown({ timeoutMs: 200 })).not.toThrow();
  });

  it('are asked of what is handed in later, too', () => {
    const shutdown = createGracefulShutdown();
    expect(() => shutdown.add('x', () => undefined, { timeoutMs: 2 ** 31 })).toThrow('gracefulShutdown.add.timeoutMs');
    expect(() => shutdown.beacon('')).toThrow('gracefulShutdown.beacon must be a string');
    expect(() => shutdown.add('', () => undefined)).toThrow('gracefulShutdown.add.name');
    // The classic: an app is not a server (its close() does not exist).
    expect(() => shutdown.serve(appWith() as unknown as Server)).toThrow(
      'gracefulShutdown.serve must be an http.Server',
    );
  });
});

describe('shutdown()', () => {
  it('goes starting, ready, draining, stopped, and never back', async () => {
    const shutdown = createGracefulShutdown();
    const states = [shutdown.state()];
    shutdown.ready();
    states.push(shutdown.state());
    const report = shutdown.shutdown();
    states.push(shutdown.state());
    shutdown.ready();
    states.push(shutdown.state());
    await report;
    shutdown.ready();
    states.push(shutdown.state());
    expect(states).toEqual(['starting', 'ready', 'draining', 'draining', 'stopped']);
  });

  it('reports, does not end the process, and runs everything once however often it is called', async () => {
    const exit = vi.fn();
    const close = vi.fn();
    const flush = vi.fn(() => Promise.resolve());
    const shutdown = createGracefulShutdown({ exit, flush });
    shutdown.add('database', close);
    const reports = await Promise.all([shutdown.shutdown('test'), shutdown.shutdown('again')]);
    expect(await shutdown.shutdown()).toEqual(reports[0]);
    expect(reports[0]).toMatchObject({ reason: 'test', exitCode: 0, cutRequests: 0, hooks: [{ name: 'database' }] });
    expect(reports[1]).toEqual(reports[0]);
    expect(close).toHaveBeenCalledExactlyOnceWith({ reason: 'test', timeLeftMs: 5_000 });
    expect(flush).toHaveBeenCalledOnce();
    expect(exit).not.toHaveBeenCalled();
  });

  it('drains every server it was given, also one given twice', async () => {
    const shutdown = createGracefulShutdown();
    const servers = [createHttpServer(appWith()), http.createServer(appWith())];
    for (const server of [...servers, ...servers]) shutdown.serve(server);
    for (const server of servers) await get(await listen(server));
    expect(await shutdown.shutdown()).toMatchObject({ exitCode: 0 });
    expect(servers.map((server) => server.listening)).toEqual([false, false]);
  });

  it('closes connections that were there before the server was handed over', async () => {
    const shutdown = createGracefulShutdown({ silentSocketGraceMs: 0 });
    const server = http.createServer(appWith());
    const port = await listen(server);
    const agent = new http.Agent({ keepAlive: true });
    expect((await get(port, agent)).connection).toBe('keep-alive');
    shutdown.serve(server);
    expect(await shutdown.shutdown()).toMatchObject({ exitCode: 0, cutRequests: 0 });
  });

  it('keeps a server from listening that is only about to: a signal during start', async () => {
    const shutdown = createGracefulShutdown({ delayMs: 60_000 });
    const server = http.createServer(appWith());
    shutdown.serve(server);
    await shutdown.shutdown();
    expect(await listen(server)).toBeGreaterThan(0);
    await once(server, 'close');
    expect(server.listening).toBe(false);
  });

  it('aborts the draining signal once, before anything else happens, for as many jobs as there are', async () => {
    const warned = vi.fn();
    process.on('warning', warned);
    const shutdown = createGracefulShutdown();
    const heard: string[] = [];
    for (let job = 0; job < 100; job++) {
      shutdown.draining.addEventListener('abort', () => heard.push(shutdown.state()));
    }
    await shutdown.shutdown();
    expect(heard).toEqual(Array(100).fill('draining'));
    process.off('warning', warned);
    expect(warned).not.toHaveBeenCalled();
  });

  it('gives hooks no more time than is left until the process is killed', async () => {
    const shutdown = createGracefulShutdown({ timeoutMs: 100, killAfterMs: 1_000, hookTimeoutMs: 5_000 });
    const times: number[] = [];
    shutdown.add('second', ({ timeLeftMs }) => times.push(timeLeftMs));
    shutdown.add('first', ({ timeLeftMs }) => {
      times.push(timeLeftMs);
      return new Promise(() => undefined);
    });
    const { hooks } = await shutdown.shutdown();
    expect(hooks.map(({ outcome }) => outcome)).toEqual(['timed out', 'closed']);
    expect(times[0]).toBeGreaterThan(100);
    expect(times[0]).toBeLessThanOrEqual(900);
    expect(times[1]).toBe(1);
  });

  it('waits for announced work once, however often its end is told', async () => {
    const shutdown = createGracefulShutdown();
    const [one, other] = [shutdown.beacon('job'), shutdown.beacon('job')];
    one.end();
    one.end();
    let isDone = false;
    const done = shutdown.shutdown().finally(() => (isDone = true));
    await new Promise((resolve) => setTimeout(resolve, 60));
    expect(isDone).toBe(false);
    other.end();
    expect(await done).toMatchObject({ exitCode: 0, unfinishedWork: [] });
  });

  it('exits 1 when the log could not be flushed, and says so on standard error', async () => {
    const stderr = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
    const shutdown = createGracefulShutdown({ flush: () => Promise.reject(new Error('disk full')) });
    expect(await shutdown.shutdown()).toMatchObject({ exitCode: 1 });
    expect(stderr).toHaveBeenCalledWith(expect.stringMatching(/^The log could not be flushed: Error: disk full/));
  });

  it('does not wait for a flush that never ends', async () => {
    vi.spyOn(process.stderr, 'write').mockReturnValue(true);
    const shutdown = createGracefulShutdown({ hookTimeoutMs: 10, flush: () => new Promise(() => undefined) });
    expect(await shutdown.shutdown()).toMatchObject({ exitCode: 1 });
  });
});

describe.each(EXPRESS_MAJORS)('middleware on %s', (_label, create) => {
  it('says Connection: close while draining, on a server that was not handed over, and its requests are waited for', async () => {
    const shutdown = createGracefulShutdown();
    const app = create();
    let answer: (() => void) | undefined;
    app.use(shutdown.middleware);
    app.get('/', (_req, res) => {
      if (shutdown.state() === 'ready') answer = () => res.json({ late: true });
      else res.json({ state: shutdown.state() });
    });
    const server = http.createServer(app);
    const port = await listen(server);
    shutdown.ready();
    const agent = new http.Agent({ keepAlive: true });
    const late = get(port, agent);
    await vi.waitUntil(() => answer !== undefined);
    let isDone = false;
    const done = shutdown.shutdown().then(() => (isDone = true));
    expect((await get(port)).connection).toBe('close');
    expect(isDone).toBe(false);
    answer?.();
    expect(await late).toEqual({ connection: 'close', body: '{"late":true}' });
    await done;
  });
});

describe('install() and uninstall()', () => {
  const EVENTS = ['SIGTERM', 'SIGINT', 'SIGHUP', 'SIGUSR2', 'uncaughtException', 'unhandledRejection'];
  const SERVER_EVENTS = ['connection', 'request', 'listening', 'close'];
  const counts = (server: Server) => [
    ...EVENTS.map((event) => process.listenerCount(event)),
    ...SERVER_EVENTS.map((event) => server.listenerCount(event)),
  ];

  it('leave no listener behind, 100 times over', () => {
    const server = http.createServer(appWith());
    const before = counts(server);
    for (let cycle = 0; cycle < 100; cycle++) {
      const shutdown = createGracefulShutdown({ onReopen: () => undefined, onProfile: () => undefined });
      shutdown.serve(server);
      shutdown.install();
      shutdown.uninstall();
    }
    expect(counts(server)).toEqual(before);
  });

  it('listen to nothing before install(), and once however often it is called', () => {
    const before = process.listenerCount('SIGTERM');
    const shutdown = createGracefulShutdown();
    expect(process.listenerCount('SIGTERM')).toBe(before);
    shutdown.install();
    shutdown.install();
    expect(process.listenerCount('SIGTERM')).toBe(before + 1);
    shutdown.uninstall();
    shutdown.uninstall();
    expect(process.listenerCount('SIGTERM')).toBe(before);
  });

  it('leave SIGHUP alone when there is nothing to reopen', () => {
    const before = process.listenerCount('SIGHUP');
    const shutdown = createGracefulShutdown();
    shutdown.install();
    expect(process.listenerCount('SIGHUP')).toBe(before);
    shutdown.uninstall();
  });

  it('do not disturb a shutdown that is under way', async () => {
    const shutdown = createGracefulShutdown({ delayMs: 20, silentSocketGraceMs: 10 });
    const server = http.createServer(appWith());
    shutdown.serve(server);
    const port = await listen(server);
    const before = server.listenerCount('request');
    const socket = connect(port, '127.0.0.1');
    await once(socket, 'connect');
    const done = shutdown.shutdown();
    shutdown.uninstall();
    expect(await done).toMatchObject({ exitCode: 0, closedQuietConnections: 1 });
    expect(server.listening).toBe(false);
    await vi.waitUntil(() => server.listenerCount('request') === before - 1);
  });
});
