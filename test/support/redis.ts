import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
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
