import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { testServer } from '../support/postgres.js';
import { ask, childrenOf, emptyPlace, isAlive, serverGone, startInstance } from './instance.js';

describe('several instances on one folder', () => {
  it('use one server, which goes on until the last of them has stopped, the first one or not', async () => {
    const dataDir = emptyPlace();
    const first = await testServer({ dataDir });
    const second = await startInstance({ dataDir });
    expect(first.isShared).toBe(false);
    expect(second.postgres).toMatchObject({ isShared: true, pid: first.pid, url: first.url });

    await first.stop();
    expect(await ask(first.url, 'select 1 as one')).toEqual([{ one: 1 }]);
    expect(await second.interrupt()).toEqual({ said: { drained: 'still there' }, code: 0 });
    expect(isAlive(first.pid)).toBe(false);
  });

  it('in one process, too', async () => {
    const dataDir = emptyPlace();
    const [first, second] = [await testServer({ dataDir }), await testServer({ dataDir, database: 'second' })];
    expect(second.pid).toBe(first.pid);
    await first.stop();
    expect(await ask(second.url, 'select current_database() as database')).toEqual([{ database: 'second' }]);
    await second.stop();
    expect(await second.exit).toEqual({ code: null, signal: null });
    expect(isAlive(first.pid)).toBe(false);
  });

  it('get one server when they start at the same moment on an empty place', async () => {
    const dataDir = emptyPlace();
    const instances = await Promise.all([1, 2, 3].map(() => startInstance({ dataDir })));
    expect(new Set(instances.map(({ postgres }) => postgres.pid)).size).toBe(1);
    expect(instances.filter(({ postgres }) => !postgres.isShared)).toHaveLength(1);
    for (const instance of instances) {
      expect(await instance.interrupt()).toEqual({ said: { drained: 'still there' }, code: 0 });
    }
    expect(isAlive(instances[0]!.postgres.pid)).toBe(false);
  });

  it('never see it stop under them, however they come and go', async () => {
    const dataDir = emptyPlace();
    const comeAndGo = async (): Promise<void> => {
      for (let round = 0; round < 8; round++) {
        const postgres = await testServer({ dataDir });
        await ask(postgres.url, 'select 1');
        await postgres.stop();
      }
    };
    await Promise.all([comeAndGo(), comeAndGo(), comeAndGo()]);
    expect(readdirSync(dataDir).filter((name) => /holders|postmaster\.pid/.test(name))).toEqual([]);
  });

  it('do not lose it when one of them is killed, even the one that started it', async () => {
    const dataDir = emptyPlace();
    const first = await startInstance({ dataDir });
    const watchdog = childrenOf(first.pid).find((pid) => pid !== first.postgres.pid)!;
    const second = await testServer({ dataDir });
    await first.kill();
    while (isAlive(watchdog)) await new Promise((resolve) => setTimeout(resolve, 20));
    expect(await ask(second.url, 'select 1 as one')).toEqual([{ one: 1 }]);
    await second.stop();
    expect(isAlive(second.pid)).toBe(false);
  });
});

describe('Ctrl-C', () => {
  it('does not reach the server before the application has drained; afterwards both are gone', async () => {
    const instance = await startInstance({});
    expect(await instance.interrupt()).toEqual({ said: { drained: 'still there' }, code: 0 });
    expect(isAlive(instance.postgres.pid)).toBe(false);
  });
});

describe('a process that was killed (kill -9)', () => {
  it('leaves no server behind, and no temporary folder', async () => {
    const instance = await startInstance({});
    await instance.kill();
    await serverGone(instance.postgres.dataDir);
    expect(isAlive(instance.postgres.pid)).toBe(false);
    await expect.poll(() => readdirSync('/tmp').includes(instance.postgres.dataDir.slice('/tmp/'.length))).toBe(false);
  });

  it('does not block the next start, which finds the data', async () => {
    const dataDir = emptyPlace();
    const killed = await startInstance({ dataDir });
    await ask(killed.postgres.url, 'create table kept as select 42 as answer');
    await killed.kill();
    // At once, while the server of the killed one may still be there or about to stop.
    const next = await testServer({ dataDir });
    expect(await ask(next.url, 'select answer from kept').finally(() => next.stop())).toEqual([{ answer: 42 }]);
  });

  it('does not block it when the server was killed with it', async () => {
    const dataDir = emptyPlace();
    const killed = await startInstance({ dataDir });
    process.kill(killed.postgres.pid, 'SIGKILL');
    await killed.kill();
    // A signal is sent, not obeyed, when kill() returns.
    await expect.poll(() => isAlive(killed.postgres.pid)).toBe(false);
    const next = await testServer({ dataDir });
    expect(next.isShared).toBe(false);
    expect(await ask(next.url, 'select 1 as one').finally(() => next.stop())).toEqual([{ one: 1 }]);
  });

  it.runIf(process.platform === 'linux')(
    'does not block it, or leave its server for ever, when the watchdog was killed with it',
    async () => {
      const dataDir = emptyPlace();
      const killed = await startInstance({ dataDir });
      const watchdogs = childrenOf(killed.pid).filter((pid) => pid !== killed.postgres.pid);
      for (const pid of watchdogs) process.kill(pid, 'SIGKILL');
      await killed.kill();
      const next = await testServer({ dataDir });
      expect(next).toMatchObject({ isShared: true, pid: killed.postgres.pid });
      await next.stop();
      expect(isAlive(next.pid)).toBe(false);
    },
  );

  it.runIf(process.platform === 'linux')(
    'does not block it when nobody is left who was to stop the server',
    async () => {
      const dataDir = emptyPlace();
      const killed = await startInstance({ dataDir });
      for (const pid of childrenOf(killed.pid).filter((one) => one !== killed.postgres.pid))
        process.kill(pid, 'SIGKILL');
      await killed.kill();
      // As if it had been killed in the moment between the server's start, or the last one's leaving, and what follows.
      for (const name of readdirSync(dataDir).filter((one) => one.startsWith('holders-'))) {
        rmSync(join(dataDir, name), { recursive: true });
      }
      const next = await testServer({ dataDir });
      expect(next).toMatchObject({ isShared: true, pid: killed.postgres.pid });
      await next.stop();
      expect(isAlive(next.pid)).toBe(false);
    },
  );

  it('does not block it when its pid has gone to another program since', async () => {
    const dataDir = emptyPlace();
    const before = await testServer({ dataDir });
    const pidFile = readFileSync(join(dataDir, 'postmaster.pid'), 'utf8');
    await before.stop();
    const { uid, gid } = statSync(dataDir);
    // Of the same account: Postgres itself would take it for a server.
    const program = spawn('sleep', ['60'], { stdio: 'ignore', ...(process.getuid?.() === 0 ? { uid, gid } : {}) });
    await once(program, 'spawn');
    writeFileSync(join(dataDir, 'postmaster.pid'), pidFile.replace(/^\d+/, String(program.pid)));
    const next = await testServer({ dataDir });
    expect(await ask(next.url, 'select 1 as one').finally(() => next.stop())).toEqual([{ one: 1 }]);
    expect(isAlive(program.pid!)).toBe(true);
    program.kill();
  });
});

describe("somebody else's Postgres on the folder", () => {
  it.runIf(process.platform === 'linux')('is named and left alone', async () => {
    const dataDir = emptyPlace();
    const ours = await testServer({ dataDir });
    const [program, ...words] = readFileSync(`/proc/${String(ours.pid)}/cmdline`, 'utf8')
      .split('\0')
      .slice(0, -1);
    await ours.stop();
    const { uid, gid } = statSync(dataDir);
    const account = process.getuid?.() === 0 ? { uid, gid } : {};
    const args = words.map((word) => word.replace(/^cluster_name=.*/, 'cluster_name=theirs'));
    const theirs = spawn(program!, args, { stdio: 'ignore', cwd: '/', ...account });
    await expect.poll(() => ask(ours.url, 'select 1 as one').catch(() => [])).toEqual([{ one: 1 }]);
    await expect(testServer({ dataDir })).rejects.toMatchObject({
      code: 'ERR_EMBEDDED_POSTGRES_FOLDER',
      message: expect.stringContaining(`pid ${String(theirs.pid)}`),
    });
    expect(await ask(ours.url, 'select 1 as one')).toEqual([{ one: 1 }]);
    theirs.kill('SIGINT');
    await once(theirs, 'exit');
  });
});
