import { fork, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { openSync, closeSync, ftruncateSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = (name) => fileURLToPath(new URL(name, import.meta.url));

/** Server and load each have a processor of their own; without `taskset` or a second processor the system decides. */
export const IS_PINNED = availableParallelism() > 1 && spawnSync('taskset', ['-p', String(process.pid)]).status === 0;
const SERVER_CPU = 0;
const LOAD_CPU = 1;

/** A child that is asked one thing at a time. */
async function start(script, args, { cpu, stdout = 'inherit' }) {
  const pinned = IS_PINNED ? { execPath: 'taskset', execArgv: ['-c', String(cpu), process.execPath] } : {};
  const env = { PATH: process.env.PATH, NODE_ENV: 'production' };
  const child = fork(here(script), args, { ...pinned, env, stdio: ['ignore', stdout, 'inherit', 'ipc'] });
  const gone = once(child, 'exit').then(([code]) => {
    throw new Error(`${script} ${args.join(' ')} ended with ${code}`);
  });
  gone.catch(() => undefined);
  const next = async () => {
    const [message] = await Promise.race([once(child, 'message'), gone]);
    // `ready` is what a process tells its supervisor once it serves (pm2's protocol), in its own time.
    return message === 'ready' ? next() : message;
  };
  const first = await next();
  return {
    first,
    ask(question) {
      child.send(question);
      return next();
    },
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const exited = once(child, 'exit');
      child.disconnect();
      await exited;
    },
  };
}

/** A server whose standard output, and with it the access log, is a file. */
export async function startServer({ id, name, module }, checkout, folder) {
  const log = join(folder, `${id}.log`);
  const file = openSync(log, 'a');
  const child = await start('server.mjs', [module, name, checkout], { cpu: SERVER_CPU, stdout: file });
  return {
    port: child.first.port,
    log,
    cpuMicros: async () => (await child.ask('cpu')).cpuMicros,
    emptyLog: () => ftruncateSync(file),
    async stop() {
      await child.stop();
      closeSync(file);
    },
  };
}

export async function startLoad() {
  const child = await start('load.mjs', [], { cpu: LOAD_CPU });
  return { run: (round) => child.ask(round), stop: child.stop };
}
