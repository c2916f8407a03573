import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import express from 'express';
import {
  correlationId,
  createHealthRouter,
  createHttpServer,
  createLogger,
  errorHandler,
  HTTP_SERVER_DEFAULTS,
  notFound,
} from 'express-runbook';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { requireTool } from '../support/real-tools.js';
import { freePort, REFERENCE_SERVER } from '../support/reference-server.js';

const nginx = requireTool('nginx');
const read = (path: string): Promise<string> => readFile(join(REFERENCE_SERVER, 'deploy/nginx', path), 'utf8');

interface Instance {
  readonly server: Server;
  readonly port: number;
  isReady: boolean;
}

async function start(colour: string): Promise<Instance> {
  const instance = { isReady: true };
  const app = express();
  app.use(correlationId(), createHealthRouter({ state: () => (instance.isReady ? 'ready' : 'starting') }));
  app.get('/who', (req, res) => {
    res.json({ colour, forwarded: req.get('X-Forwarded-For') });
  });
  app.use(notFound(), errorHandler({ logger: createLogger({ stdout: { write: () => undefined } }) }));
  const server = createHttpServer(app).listen(0, '127.0.0.1');
  await once(server, 'listening');
  // A server that listens on a port has such an address.
  const { port } = server.address() as AddressInfo;
  return Object.assign(instance, { server, port });
}

interface Outcome {
  readonly code: number;
  readonly output: string;
}

function run(program: string, args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<Outcome> {
  return new Promise((resolve) => {
    execFile(program, args, { env: { ...process.env, ...env } }, (error, stdout, stderr) => {
      resolve({
        code: typeof error?.code === 'number' ? error.code : error === null ? 0 : -1,
        output: stdout + stderr,
      });
    });
  });
}

describe.skipIf(!nginx.isInstalled)('blue-green behind the real nginx', () => {
  let folder: string;
  let upstream: string;
  let url: string;
  let child: ChildProcess;
  let blue: Instance;
  let green: Instance;
  let command: string[];

  /** The shipped upstream with the addresses of this machine, which has no names for the two. */
  async function shippedUpstream(): Promise<string> {
    return (await read('backend-upstream.conf'))
      .replace('blue.backend.internal:8000', `127.0.0.1:${blue.port}`)
      .replace('green.backend.internal:8000', `127.0.0.1:${green.port}`);
  }
  const testOf = async (text: string): Promise<Outcome> => {
    const before = await readFile(upstream, 'utf8');
    await writeFile(upstream, text);
    const outcome = await run('nginx', [...command.slice(1), '-t']);
    await writeFile(upstream, before);
    return outcome;
  };
  const who = async (): Promise<Record<string, unknown>> =>
    (await (await fetch(`${url}/who`)).json()) as Record<string, unknown>;
  const switchTo = (colour: string): Promise<Outcome> =>
    run(join(REFERENCE_SERVER, 'deploy/nginx/switch.sh'), [colour], {
      UPSTREAM_FILE: upstream,
      NGINX: command.join(' '),
    });

  beforeAll(async () => {
    [blue, green] = [await start('blue'), await start('green')];
    folder = await mkdtemp(join(tmpdir(), 'deployment-nginx-'));
    // Its workers are of another user when it is started by root.
    await chmod(folder, 0o755);
    await mkdir(join(folder, 'conf.d'));
    upstream = join(folder, 'conf.d/backend-upstream.conf');
    const port = await freePort();
    url = `http://127.0.0.1:${port}`;
    await writeFile(upstream, await shippedUpstream());
    await writeFile(
      join(folder, 'conf.d/backend.conf'),
      (await read('backend.conf')).replace('listen 80;', `listen 127.0.0.1:${port};`),
    );
    const paths = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
      (name) => `${name}_temp_path ${folder}/${name};`,
    );
    await writeFile(
      join(folder, 'nginx.conf'),
      `pid ${folder}/nginx.pid;\nevents {}\nhttp {\n${paths.join('\n')}\naccess_log off;\ninclude ${folder}/conf.d/*.conf;\n}\n`,
    );
    command = ['nginx', '-p', folder, '-c', join(folder, 'nginx.conf'), '-e', join(folder, 'error.log')];
    child = spawn('nginx', [...command.slice(1), '-g', 'daemon off;'], { stdio: 'ignore' });
    await vi.waitFor(who, { timeout: 10_000 });
  });

  afterAll(async () => {
    const ended = once(child, 'exit');
    child.kill('SIGTERM');
    await ended;
    for (const { server } of [blue, green]) server.close().closeAllConnections();
    await rm(folder, { recursive: true, force: true });
  });

  beforeEach(async () => {
    green.isReady = true;
    await writeFile(upstream, await shippedUpstream());
  });

  it('is a configuration that nginx accepts, where weight=0 is one that it refuses (DEP-09, T-08)', async () => {
    const text = await shippedUpstream();
    expect(await testOf(text)).toMatchObject({ code: 0, output: expect.stringContaining('test is successful') });
    const printed = text.replace(/(:\d+) down/, '$1 weight=0');
    expect(printed).not.toBe(text);
    expect(await testOf(printed)).toMatchObject({ code: 1, output: expect.stringContaining('weight=0') });
  });

  it('is of the names and weights of the runbook, and closes idle connections before the service does (DEP-09)', async () => {
    const text = await read('backend-upstream.conf');
    expect(text).toMatch(/^upstream backend \{$/m);
    expect(text).toMatch(/^ {2}server blue\.backend\.internal:8000 weight=100\b/m);
    expect(text).toMatch(/^ {2}server green\.backend\.internal:8000 down\b/m);
    const seconds = Number(/keepalive_timeout (\d+)s;/.exec(text)?.[1]);
    expect(seconds * 1000).toBeLessThan(HTTP_SERVER_DEFAULTS.keepAliveTimeoutMs);
  });

  it('sends everybody to the live one, with the address of the client, and keeps /metrics to itself', async () => {
    expect(await who()).toMatchObject({ colour: 'blue', forwarded: '127.0.0.1' });
    expect((await fetch(`${url}/metrics`)).status).toBe(404);
  });

  it('switches to green once its smoke tests pass, and back to blue, which kept running (DEP-10)', async () => {
    const there = await switchTo('green');
    expect(there.output).toContain('ok    it is ready');
    expect(there).toMatchObject({ code: 0, output: expect.stringContaining('green is live; blue still runs') });
    await vi.waitFor(async () => expect((await who()).colour).toBe('green'), { timeout: 10_000 });
    expect(await switchTo('blue')).toMatchObject({ code: 0 });
    await vi.waitFor(async () => expect((await who()).colour).toBe('blue'), { timeout: 10_000 });
    expect(await readFile(upstream, 'utf8')).toBe(await shippedUpstream());
  });

  it('stays with blue when green is not ready (DEP-10)', async () => {
    green.isReady = false;
    const { code, output } = await switchTo('green');
    expect(code).toBe(1);
    expect(output).toMatch(/GET \/health\/readiness: 503, not 200[^]*green does not pass: blue stays live/);
    expect(await readFile(upstream, 'utf8')).toBe(await shippedUpstream());
  });

  it('puts the file back when nginx refuses it', async () => {
    const broken = `${await shippedUpstream()}nonsense;\n`;
    await writeFile(upstream, broken);
    expect(await switchTo('green')).toMatchObject({ code: 1, output: expect.stringContaining('blue stays live') });
    expect(await readFile(upstream, 'utf8')).toBe(broken);
    expect((await who()).colour).toBe('blue');
  });

  it('refuses a call or a file that it does not understand', async () => {
    expect(await switchTo('red')).toMatchObject({ code: 2, output: expect.stringContaining('usage') });
    await writeFile(upstream, (await shippedUpstream()).replace(' # green', ''));
    expect(await switchTo('green')).toMatchObject({ code: 2, output: expect.stringContaining('# green') });
  });

  it('passes no instance that is not there, or that answers every path with a page (DEP-10)', async () => {
    const smoke = join(REFERENCE_SERVER, 'scripts/smoke.sh');
    expect((await run(smoke, [`http://127.0.0.1:${await freePort()}`])).code).toBe(1);
    const page = express()
      .get(/.*/, (_req, res) => res.type('html').send('<h1>It works</h1>'))
      .listen(0, '127.0.0.1');
    await once(page, 'listening');
    const { code, output } = await run(smoke, [`http://127.0.0.1:${(page.address() as AddressInfo).port}`]);
    page.close();
    expect(code).toBe(1);
    expect(output).toContain('FAIL  the request id comes back');
    expect(output).toContain('FAIL  an unknown path is a 404 in JSON');
    expect((await run(smoke, [])).code).toBe(2);
  });
});
