import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import http from 'node:http';
import { connect, type Socket } from 'node:net';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { GracefulShutdownOptions } from 'express-runbook';
import { afterEach } from 'vitest';

export interface Scenario {
  options?: Omit<GracefulShutdownOptions, 'logger' | 'flush' | 'exit' | 'onReopen'>;
  hooks?: { name: string; how?: 'closes' | 'throws' | 'hangs' | 'crashes'; timeoutMs?: number }[];
  logger?: 'throws';
  reopen?: boolean;
  /** Where SIGUSR2 has a CPU profile written. */
  profileDir?: string;
  neverListens?: boolean;
  /** Milliseconds that the event loop stands still once it is told to stop. */
  blockMs?: number;
  /** A hook prints how many requests there were. */
  counts?: boolean;
}

interface Line {
  level?: string;
  msg: string;
  [field: string]: unknown;
}

interface Answer {
  status: number;
  connection: string | undefined;
  body: string;
}

export interface Service {
  pid: number;
  url: string;
  lines: Line[];
  /** What the process sent to its parent. */
  messages: unknown[];
  stderr: () => string;
  /** The line with this message, as soon as it is there. */
  line: (msg: string) => Promise<Line>;
  kill: (signal: NodeJS.Signals) => void;
  get: (path: string, agent?: http.Agent) => Promise<Answer>;
  /** A connection that says exactly this. */
  socket: (bytes: string) => Promise<Socket>;
  exit: Promise<number | null>;
}

const FIXTURE = fileURLToPath(new URL('fixtures/service.mjs', import.meta.url));
const running = new Set<ChildProcess>();

afterEach(() => {
  for (const child of running) child.kill('SIGKILL');
  running.clear();
});

/** A process of its own, as a supervisor would start it; it serves when this resolves. */
export async function startService(scenario: Scenario = {}): Promise<Service> {
  const child = spawn(process.execPath, [FIXTURE, JSON.stringify(scenario)], {
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  running.add(child);
  const lines: Line[] = [];
  const waiting = new Map<string, (line: Line) => void>();
  const messages: unknown[] = [];
  child.on('message', (message) => messages.push(message));
  let stderr = '';
  child.stderr!.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  createInterface({ input: child.stdout! }).on('line', (text) => {
    const line = JSON.parse(text) as Line;
    lines.push(line);
    waiting.get(line.msg)?.(line);
  });
  // 'close' and not 'exit': everything that was written has been read by then.
  const exit = once(child, 'close').then(([code]) => code as number | null);
  const line = (msg: string): Promise<Line> => {
    const found = lines.find((one) => one.msg === msg);
    if (found !== undefined) return Promise.resolve(found);
    return Promise.race([
      new Promise<Line>((resolve) => waiting.set(msg, resolve)),
      exit.then((code) => Promise.reject(new Error(`exited (${String(code)}) without the line ${msg}\n${stderr}`))),
    ]);
  };
  const isReady = once(child, 'message');
  const port = Number((await line(scenario.neverListens ? 'booting' : 'listening')).port);
  if (!scenario.neverListens) await isReady;
  return {
    pid: child.pid!,
    url: `http://127.0.0.1:${port}`,
    lines,
    messages,
    stderr: () => stderr,
    line,
    kill: (signal) => child.kill(signal),
    get: (path, agent) => get(port, path, agent),
    async socket(bytes) {
      const socket = connect(port, '127.0.0.1');
      await once(socket, 'connect');
      if (bytes !== '') socket.write(bytes);
      return socket;
    },
    exit,
  };
}

function get(port: number, path: string, agent: http.Agent | undefined): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const req = http.get({ host: '127.0.0.1', port, path, agent: agent ?? new http.Agent() }, (res) => {
      let body = '';
      res.setEncoding('utf8').on('data', (text: string) => (body += text));
      res.on('end', () => {
        resolve({ status: res.statusCode!, connection: res.headers.connection, body });
      });
      res.on('error', reject);
    });
    req.on('error', reject);
  });
}
