import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from './reference-server.js';

export interface PgBouncer {
  /** Connection string of the same database, by way of PgBouncer. */
  readonly url: string;
  stop(): Promise<void>;
}

/** A real PgBouncer in front of the database of this connection string, with so many connections to it. */
export async function startPgBouncer(
  databaseUrl: string,
  mode: 'session' | 'transaction',
  serverConnections: number,
): Promise<PgBouncer> {
  const { hostname, port: serverPort, username, password, pathname } = new URL(databaseUrl);
  const port = await freePort();
  const folder = mkdtempSync(join(tmpdir(), 'pgbouncer-'));
  chmodSync(folder, 0o755);
  const server = `host=${hostname} port=${serverPort} dbname=${pathname.slice(1)} user=${username} password=${password}`;
  const config = join(folder, 'pgbouncer.ini');
  writeFileSync(
    config,
    `[databases]
app = ${server}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${port}
unix_socket_dir =
auth_type = any
pool_mode = ${mode}
default_pool_size = ${serverConnections}
`,
  );
  // PgBouncer refuses to run as root; on every Linux this is nobody.
  const account = process.getuid?.() === 0 ? { uid: 65534, gid: 65534 } : {};
  const child = spawn('pgbouncer', [config], { stdio: ['ignore', 'pipe', 'pipe'], ...account });
  const ended = once(child, 'exit');
  let written = '';
  const isUp = new Promise<void>((resolve) => {
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        written += text;
        if (written.includes('process up')) resolve();
      });
    }
  });
  const outcome = await Promise.race([isUp.then(() => 'up'), ended.then(() => 'ended')]);
  if (outcome !== 'up') throw new Error(`pgbouncer ended: ${written}`);
  return {
    url: `postgres://anybody@127.0.0.1:${port}/app`,
    async stop() {
      child.kill('SIGTERM');
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
