import { spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { vi } from 'vitest';

export interface Answer {
  readonly status: number;
  readonly output: string;
}

/** A command that goes on until it is told to stop. */
export interface Running {
  output(): string;
  /** Ctrl-C or the signal, and after ten seconds without mercy. */
  stop(signal?: NodeJS.Signals): Promise<void>;
}

export interface ShellOptions {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  /** Where what is typed and what is printed is kept. */
  readonly scratch: string;
}

export type Shell = ReturnType<typeof openShell>;

const PATIENCE = { timeout: 110_000, interval: 50 };

/** The terminal of an operator: one bash, which keeps its folder and its variables from one command to the next. */
export function openShell({ cwd, env, scratch }: ShellOptions) {
  const bash = spawn('bash', ['--norc', '--noprofile'], { cwd, env, stdio: ['pipe', 'pipe', 'ignore'] });
  let told = '';
  let count = 0;
  bash.stdout.setEncoding('utf8').on('data', (text: string) => (told += text));
  // Each command that goes on has a process group of its own, so that all of a pipe is told to stop.
  bash.stdin.write('set -m\n');

  const type = async (command: string, how: (typed: string, printed: string) => string): Promise<[string, number]> => {
    const id = ++count;
    const typed = join(scratch, `typed.${id}`);
    const printed = join(scratch, `printed.${id}`);
    writeFileSync(typed, `${command}\n`);
    writeFileSync(printed, '');
    bash.stdin.write(how(typed, printed));
    const mark = new RegExp(`^ran ${id} (\\d+)$`, 'm');
    const said = await vi.waitFor(() => mark.exec(told) ?? Promise.reject(new Error(`goes on: ${command}`)), PATIENCE);
    const [, number] = said;
    return [printed, Number(number)];
  };

  return {
    /** Waits for its end. */
    async run(command: string): Promise<Answer> {
      const id = count + 1;
      const [printed, status] = await type(
        command,
        (typed, out) => `{ source ${typed}; } > ${out} 2>&1 < /dev/null; echo "ran ${id} $?"\n`,
      );
      return { status, output: readFileSync(printed, 'utf8') };
    },
    /** Does not wait; lines come as they would on a terminal. */
    async start(command: string, variables: Readonly<Record<string, string>>): Promise<Running> {
      const id = count + 1;
      const set = Object.entries(variables).map(([name, value]) => `${name}=${value}`);
      const [printed, pid] = await type(
        command,
        (typed, out) =>
          `env ${set.join(' ')} stdbuf -oL bash --norc ${typed} > ${out} 2>&1 < /dev/null & pid=$!; disown; echo "ran ${id} $pid"\n`,
      );
      return { output: () => readFileSync(printed, 'utf8'), stop: (name) => end(pid, name) };
    },
    close: () => {
      bash.stdin.end();
    },
  };
}

async function end(group: number, name: NodeJS.Signals = 'SIGINT'): Promise<void> {
  signal(group, name);
  try {
    await vi.waitFor(() => expectGone(group), { timeout: 10_000 });
  } catch {
    signal(group, 'SIGKILL');
  }
}

function expectGone(group: number): void {
  if (signal(group, 0)) throw new Error(`process group ${group} is there`);
}

/** Whether there was anyone to tell. */
function signal(group: number, name: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(-group, name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
    throw error;
  }
}
