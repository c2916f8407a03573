import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import type { Readable, Writable } from 'node:stream';
import type { Config } from '../../index.js';
import { libpqVariables } from '../database/libpq.js';
import { CommandError, EXIT } from '../exit-codes.js';
import type { Terminal } from '../terminal.js';
import { visible } from '../visible.js';
import type { Tool } from './tools.js';

/** All that a program of PostgreSQL may know of our environment; where to connect and as whom comes on top. */
const PASSED_ON =
  /^(PATH|HOME|TZ|TMPDIR|PGPASSWORD|PGPASSFILE|PGSERVICEFILE|PGSYSCONFDIR|PGSSL\w+|PGCHANNELBINDING|PGKRBSRVNAME|PGCONNECT_TIMEOUT)$/;
const KEPT_LINES = 20;

export interface ToolCall {
  readonly config: Config;
  readonly terminal: Terminal;
  readonly signal: AbortSignal;
  /** Another one than that of the configuration. */
  readonly database?: string | undefined;
  /** Told every line that the program writes for people. */
  readonly onLine?: (line: string) => void;
}

export interface RunningTool {
  readonly stdin: Writable;
  readonly stdout: Readable;
  /** Resolves when it ended well; rejects with its own words when not. */
  readonly ended: Promise<void>;
  kill(): void;
}

/** Starts a program of PostgreSQL. Its password goes by the environment: everybody may read the arguments of a process. */
export function startTool(tool: Tool, args: readonly string[], call: ToolCall): RunningTool {
  const { terminal, config, database, signal } = call;
  const passedOn = Object.entries(terminal.env).filter(([name]) => PASSED_ON.test(name));
  const address = { ...libpqVariables(config.database), ...(database === undefined ? {} : { PGDATABASE: database }) };
  const env = { ...Object.fromEntries(passedOn), LC_ALL: 'C', PGAPPNAME: 'express-runbook cli', ...address };
  // In a group of its own: Ctrl-C on a terminal is for us, and we end it in order.
  const child = spawn(tool.path, [...args], { env, stdio: 'pipe', detached: true });
  // Whoever reads too little is told by the exit code; the pipe itself must not end us.
  child.stdin.on('error', () => undefined);
  const kill = (): void => void child.kill('SIGKILL');
  signal.addEventListener('abort', kill);
  const ended = endOf(child, tool, wordsOf(child.stderr, call.onLine)).finally(() =>
    signal.removeEventListener('abort', kill),
  );
  // Whoever started it looks at it later; until then it is no unhandled rejection.
  ended.catch(() => undefined);
  return { stdin: child.stdin, stdout: child.stdout, ended, kill };
}

async function endOf(
  child: ChildProcessByStdio<Writable, Readable, Readable>,
  { path }: Tool,
  words: () => string,
): Promise<void> {
  const [code, signal] = (await once(child, 'close')) as [number | null, NodeJS.Signals | null];
  if (code === 0) return;
  const how = code === null ? `was ended by ${String(signal)}` : `exited with ${code}`;
  const name = path.slice(path.lastIndexOf('/') + 1);
  throw new CommandError(visible(`${name} ${how}: ${words() || 'it said nothing'}`), EXIT.failed);
}

/** The last lines that tell of a problem; what `--verbose` adds is for progress alone. */
function wordsOf(stderr: Readable, onLine?: (line: string) => void): () => string {
  const kept: string[] = [];
  let rest = '';
  stderr.setEncoding('utf8').on('data', (text: string) => {
    const lines = (rest + text).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) {
      onLine?.(line);
      if (/error|fatal|panic|detail|hint|warning|failed|could not/i.test(line)) kept.push(line.trim());
      if (kept.length > KEPT_LINES) kept.shift();
    }
  });
  return () => [...kept, rest.trim()].filter((line) => line !== '').join('; ');
}
