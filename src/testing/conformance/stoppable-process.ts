import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';

/** A process that may be asked to end. */
export interface StoppableProcess {
  /** Sends SIGTERM. */
  terminate(): void;
  /** How it ended: its exit code, the signal that ended it, or `ended` of one that is not ours. Undefined: it still runs. */
  ended(timeoutMs: number): Promise<string | undefined>;
}

const LOOK_AGAIN_MS = 50;

/** One that somebody else started. */
export function processOf(pid: number): StoppableProcess {
  if (!isRunning(pid)) throw new Error(`there is no process ${pid}`);
  return {
    terminate: () => void process.kill(pid, 'SIGTERM'),
    async ended(timeoutMs) {
      const endsAt = Date.now() + timeoutMs;
      while (isRunning(pid)) {
        if (Date.now() > endsAt) return undefined;
        await pause(LOOK_AGAIN_MS);
      }
      return 'ended';
    },
  };
}

function isRunning(pid: number): boolean {
  try {
    // Sends nothing (https://man7.org/linux/man-pages/man2/kill.2.html).
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

export interface StartedProcess extends StoppableProcess {
  /** What it said last, for the message when it does not serve. */
  output(): string;
  /** Ends it at once where it has not ended yet. */
  kill(): Promise<void>;
}

const KEPT_OUTPUT = 2_000;

/** Starts the program. It gets a drain delay to be seen in, unless its environment says one. */
export function startedProcess(command: readonly string[], env: NodeJS.ProcessEnv): StartedProcess {
  const [program = '', ...args] = command;
  const child = spawn(program, args, {
    env: { SHUTDOWN_DELAY_MS: '1000', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  const keep = (text: string): void => void (output = `${output}${text}`.slice(-KEPT_OUTPUT));
  child.on('error', (error) => keep(error.message));
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', keep);
  return {
    output: () => output,
    terminate: () => void child.kill('SIGTERM'),
    ended: (timeoutMs) => endOf(child, timeoutMs),
    async kill() {
      child.kill('SIGKILL');
      await endOf(child, KILL_TIMEOUT_MS);
    },
  };
}

const KILL_TIMEOUT_MS = 5_000;

async function endOf(child: ChildProcess, timeoutMs: number): Promise<string | undefined> {
  const how = (): string | undefined => {
    if (child.pid === undefined) return 'could not be started';
    if (child.signalCode !== null) return `ended by ${child.signalCode}`;
    return child.exitCode === null ? undefined : `exit code ${child.exitCode}`;
  };
  if (how() !== undefined) return how();
  const timer = new AbortController();
  const exit = once(child, 'exit', { signal: timer.signal }).catch(() => undefined);
  await Promise.race([exit, pause(timeoutMs, undefined, { signal: timer.signal })]);
  timer.abort();
  return how();
}
