import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { withDeadline } from '../../core/deadline.js';
import { groupOf, type ProcessGroup } from './process-group.js';

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
  /**
   * Ends what is left of it and of all that it has started: by SIGTERM, unless it had that before, and what has not ended these
   * milliseconds later by SIGKILL. 0 is at once.
   */
  end(timeoutMs: number): Promise<void>;
}

const KEPT_OUTPUT = 2_000;
const KILL_TIMEOUT_MS = 5_000;

/**
 * Starts the program, in a process group of its own: `npm start` ends without its server. It gets a drain delay to be seen in, unless
 * its environment says one. Whatever ends this process, other than SIGKILL, ends the group.
 */
export function startedProcess(command: readonly string[], env: NodeJS.ProcessEnv): StartedProcess {
  const [program = '', ...args] = command;
  const child = spawn(program, args, {
    env: { SHUTDOWN_DELAY_MS: '1000', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  const group = groupOf(child);
  const killAll = (): void => group.signal('SIGKILL');
  process.once('exit', killAll);
  let output = '';
  const keep = (text: string): void => void (output = `${output}${text}`.slice(-KEPT_OUTPUT));
  child.on('error', (error) => keep(error.message));
  const streams = [child.stdout, child.stderr];
  for (const stream of streams) stream.setEncoding('utf8').on('data', keep);
  const closed = closedOf(child);
  let wasAsked = false;
  return {
    output: () => output,
    terminate() {
      wasAsked = true;
      child.kill('SIGTERM');
    },
    ended: (timeoutMs) => endOf(child, timeoutMs),
    async end(timeoutMs) {
      await endGroup({ child, group, closed }, wasAsked ? 0 : timeoutMs);
      process.off('exit', killAll);
      // Who has left the group may hold the other ends.
      for (const stream of streams) stream.destroy();
    },
  };
}

interface Started {
  readonly child: ChildProcess;
  readonly group: ProcessGroup;
  readonly closed: Promise<void>;
}

async function endGroup({ child, group, closed }: Started, timeoutMs: number): Promise<void> {
  if (timeoutMs > 0) {
    child.kill('SIGTERM');
    const how = await endOf(child, timeoutMs);
    // Whom it has told it has waited for; what it left behind has heard of nothing.
    if (how !== undefined) {
      group.signal('SIGTERM');
      await withDeadline(closed, timeoutMs);
    }
  }
  // Also when all is closed: who is left may write elsewhere.
  group.signal('SIGKILL');
  await withDeadline(closed, KILL_TIMEOUT_MS);
}

/** Resolves when it has ended, and everybody who writes where it wrote. */
function closedOf(child: ChildProcess): Promise<void> {
  if (child.pid === undefined) return Promise.resolve();
  return new Promise((resolve) => child.once('close', () => resolve()));
}

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
