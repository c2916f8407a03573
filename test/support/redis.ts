import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { Redis } from 'ioredis';
import { afterEach } from 'vitest';
import { freePort } from './reference-server.js';

export interface RedisServer {
  readonly port: number;
  readonly process: ChildProcess;
  /** Ends it at once, as a crash does; its data is gone. */
  end: () => Promise<void>;
}

/** A real Redis that keeps nothing on disk. */
export async function startRedis(given?: number): Promise<RedisServer> {
  const port = given ?? (await freePort());
  const args = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no', '--dir', '/tmp'];
  const server = spawn('redis-server', args, { stdio: 'pipe' });
  for await (const text of server.stdout.setEncoding('utf8')) if (String(text).includes('Ready to accept')) break;
  return {
    port,
    process: server,
    end: async () => {
      if (server.exitCode !== null || server.signalCode !== null) return;
      const ended = once(server, 'exit');
      server.kill('SIGKILL');
      await ended;
    },
  };
}

/** Servers and clients of the tests of this file; each test's are closed after it, the last one first. */
export function testRedis() {
  const closing: (() => unknown)[] = [];
  afterEach(async () => {
    for (const close of closing.splice(0).reverse()) await close();
  });
  return {
    start: async (port?: number): Promise<RedisServer> => {
      const server = await startRedis(port);
      closing.push(server.end);
      return server;
    },
    /** As a service would have it: commands wait while the connection comes back, and none has a time-out. */
    client: (port: number): Redis => {
      const client = new Redis({ port, host: '127.0.0.1', maxRetriesPerRequest: null, retryStrategy: () => 20 });
      client.on('error', () => undefined);
      closing.push(() => {
        client.disconnect();
      });
      return client;
    },
    /** Goes on again after the test at the latest. */
    freeze: ({ process: server }: RedisServer): void => {
      server.kill('SIGSTOP');
      closing.push(() => server.kill('SIGCONT'));
    },
  };
}
