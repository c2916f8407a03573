import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { exchange } from './exchange.js';
import type { ConformanceSettings } from './options.js';
import { processOf, startedProcess, type StartedProcess, type StoppableProcess } from './stoppable-process.js';

/** Where the service is, and how to leave it. */
export interface Served {
  readonly base: URL;
  readonly process: StoppableProcess | undefined;
  close(): Promise<void>;
}

const LOOK_AGAIN_MS = 50;

export async function served(settings: ConformanceSettings): Promise<Served> {
  const { url, app, command, pid } = settings;
  if (app !== undefined) return servedApp(app);
  const base = new URL(String(url));
  if (command !== undefined) return startedCommand(base, command, settings);
  const known = pid === undefined ? undefined : processOf(pid);
  return { base, process: known, close: () => Promise.resolve() };
}

async function servedApp(app: NonNullable<ConformanceSettings['app']>): Promise<Served> {
  const server = createServer(app).listen(0, '127.0.0.1');
  await once(server, 'listening');
  // Bound to a port, so it has an address with one.
  const { port } = server.address() as AddressInfo;
  return {
    base: new URL(`http://127.0.0.1:${port}`),
    process: undefined,
    async close() {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

async function startedCommand(base: URL, command: readonly string[], settings: ConformanceSettings): Promise<Served> {
  if (await isReady(base, settings.timeoutMs)) throw new Error(`something else answers at ${base.href} already`);
  const child = startedProcess(command, { ...process.env, ...settings.env });
  try {
    await untilReady(base, child, String(command[0]), settings);
  } catch (error) {
    await child.end(0);
    throw error;
  }
  return { base, process: child, close: () => child.end(settings.shutdownTimeoutMs) };
}

async function untilReady(
  base: URL,
  child: StartedProcess,
  program: string,
  { signal, timeoutMs, shutdownTimeoutMs }: ConformanceSettings,
): Promise<void> {
  const endsAt = Date.now() + shutdownTimeoutMs;
  while (!(await isReady(base, timeoutMs))) {
    signal?.throwIfAborted();
    const ended = await child.ended(LOOK_AGAIN_MS);
    if (ended === undefined && Date.now() < endsAt) continue;
    throw new Error(`${program} does not serve at ${base.href}: ${ended ?? 'no answer'}\n${child.output()}`);
  }
}

async function isReady(base: URL, timeoutMs: number): Promise<boolean> {
  try {
    await exchange(base, '/health/ready', {}, timeoutMs);
    return true;
  } catch {
    // Nobody listens yet.
    await pause(LOOK_AGAIN_MS);
    return false;
  }
}
