import { describe, expect, it } from 'vitest';
import { startService, type Service } from './service.js';

const FATAL = 'Shutdown completed after a crash';

/** The request that crashes is never answered. */
function crash(service: Service, path: string): void {
  service.get(path).catch(() => undefined);
}

describe('a process that crashes', () => {
  it.each(['/crash/error', '/reject/error'])(
    'on %s ends with one fatal line that names the error, closes what was added, and exits 1 (ERR-20, LOG-56)',
    async (path) => {
      const service = await startService({ options: { crashTimeoutMs: 100 }, hooks: [{ name: 'database' }] });
      crash(service, path);
      expect(await service.exit).toBe(1);
      const logged = service.lines.filter(({ level }) => level !== undefined);
      expect(logged.filter(({ level }) => level === 'fatal')).toHaveLength(1);
      expect(logged.at(-1)).toMatchObject({ level: 'fatal', msg: FATAL, err: { type: 'TypeError', message: 'boom' } });
      expect(logged.at(-1)).toMatchObject({
        reason: path.startsWith('/crash') ? 'uncaughtException' : 'unhandledRejection',
        exitCode: 1,
        hooks: [{ name: 'database', outcome: 'closed' }],
      });
      // Also at once: nobody knows how the rest of a crash goes.
      expect(logged[0]).toMatchObject({ level: 'error', msg: 'Crashed, shutting down', err: { message: 'boom' } });
      expect(service.lines.at(-1)?.msg).toBe('flushed');
    },
  );

  it.each(['null', 'undefined', 'symbol', 'frozen', 'proxy'])(
    'says so even when %s was thrown (ERR-20)',
    async (what) => {
      for (const how of ['crash', 'reject']) {
        const service = await startService({ options: { crashTimeoutMs: 50 } });
        crash(service, `/${how}/${what}`);
        expect(await service.exit).toBe(1);
        const fatal = service.lines.filter(({ level }) => level === 'fatal');
        expect(fatal).toHaveLength(1);
        expect(fatal[0]).toMatchObject({ msg: FATAL, err: { message: expect.any(String) } });
      }
    },
  );

  it('exits 1 and says why on standard error when the logger throws', async () => {
    const service = await startService({
      logger: 'throws',
      options: { crashTimeoutMs: 50 },
      hooks: [{ name: 'database' }],
    });
    crash(service, '/crash/error');
    expect(await service.exit).toBe(1);
    expect(service.lines.map(({ msg }) => msg).slice(-2)).toEqual(['hook', 'flushed']);
    expect(service.stderr()).toMatch(/boom[^]*and the logger failed[^]*the disk is full/);
  });

  it('exits 1 when the crash comes while it shuts down, and finishes what it began', async () => {
    const service = await startService({ hooks: [{ name: 'database' }, { name: 'queue', how: 'crashes' }] });
    service.kill('SIGTERM');
    expect(await service.exit).toBe(1);
    const fatal = service.lines.filter(({ level }) => level === 'fatal');
    expect(fatal).toMatchObject([{ msg: FATAL, reason: 'SIGTERM', err: { message: 'crashed in a hook' } }]);
    expect(service.lines.filter(({ msg }) => msg === 'hook').map(({ hook }) => hook)).toEqual(['queue', 'database']);
  });

  it('does not wait for the delay', async () => {
    const service = await startService({ options: { delayMs: 60_000, crashTimeoutMs: 50 } });
    service.kill('SIGTERM');
    await service.line('SIGTERM received, closing database connections');
    crash(service, '/crash/error');
    expect(await service.exit).toBe(1);
  });

  it('lets other requests finish within crashTimeoutMs', async () => {
    const service = await startService({ options: { crashTimeoutMs: 2_000 } });
    const answer = service.get('/slow?ms=200');
    await service.get('/');
    crash(service, '/crash/error');
    expect(await answer).toMatchObject({ status: 200 });
    expect(await service.exit).toBe(1);
  });
});
