import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdir, mkdtemp, readdir, readFile, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { parse } from 'yaml';
import { ROOT } from '../repo/source-files.js';
import { testDatabase, type TestDatabase } from '../support/postgres.js';
import { freePort, REFERENCE_SERVER } from '../support/reference-server.js';

// Workspaces are links in node_modules; the image removes them and lays the package there by itself.
const WORKSPACES = ['express-runbook', 'reference-server', 'quick-start'];

/**
 * The files of the image, laid out by the COPY and RUN ln lines of the Dockerfile's last stage below a folder that stands for
 * its root: no container engine is asked. Third-party modules are those that are installed here.
 */
async function layOut(root: string): Promise<void> {
  const dockerfile = await readFile(join(REFERENCE_SERVER, 'Dockerfile'), 'utf8');
  const stage = dockerfile.slice(dockerfile.lastIndexOf('\nFROM '));
  const inApp = (path: string): string => join(root, 'image/app', path);
  await mkdir(inApp('.'), { recursive: true });
  for (const [, words = ''] of stage.matchAll(/^COPY --from=builder (.*)$/gm)) {
    const sources = words.split(' ');
    const target = sources.pop() ?? '';
    for (const source of sources.map((path) => path.replace(/^\/app\//, ''))) {
      if (source === 'node_modules') await linkModules(inApp(target));
      else
        await cp(join(ROOT, source), target === './' ? inApp(source.replace(/^.*\//, '')) : inApp(target), {
          recursive: true,
        });
    }
  }
  for (const [, source = '', target = ''] of stage.matchAll(/^RUN ln -s \/app\/(\S+) \/(\S+)$/gm)) {
    await symlink(inApp(source), join(root, target));
  }
}

async function linkModules(target: string): Promise<void> {
  await mkdir(target, { recursive: true });
  for (const name of await readdir(join(ROOT, 'node_modules'))) {
    if (!WORKSPACES.includes(name)) await symlink(join(ROOT, 'node_modules', name), join(target, name));
  }
}

describe('the files that the image has', () => {
  let database: TestDatabase;
  let root: string;
  let app: string;

  beforeAll(async () => {
    database = await testDatabase();
    root = await mkdtemp(join(tmpdir(), 'deployment-image-'));
    app = join(root, 'image/app');
    await layOut(root);
  });
  afterAll(async () => {
    await database.drop();
    await rm(root, { recursive: true, force: true });
  });

  const env = (): Record<string, string> => ({
    PATH: `${dirname(process.execPath)}:${process.env.PATH ?? ''}`,
    HOME: root,
    NODE_ENV: 'production',
    OPS_PROFILE: 'booky',
    HOST: '127.0.0.1',
    DATABASE_URL: database.url,
    JWT_SECRET: 'j'.repeat(40),
    REFRESH_TOKEN_SECRET: 'r'.repeat(40),
    SHUTDOWN_DELAY_MS: '0',
  });

  it('are enough for the commands that are typed in the container, and for its migrations (DEP-01, DEP-04)', async () => {
    const script = async (name: string): Promise<string> =>
      (await promisify(execFile)('npm', ['run', '--silent', name], { cwd: app, env: env() })).stdout;
    await script('migration:run');
    expect(await script('migration:show')).toContain('[X]');
    await script('db:ping');
  });

  it('are enough for the Job of Kubernetes that migrates', async () => {
    const { spec } = parse(
      await readFile(join(REFERENCE_SERVER, 'deploy/kubernetes/builder-migrate.yaml'), 'utf8'),
    ) as {
      spec: { template: { spec: { containers: [{ command: [string, ...string[]] }] } } };
    };
    const [program, ...args] = spec.template.spec.containers[0].command;
    const fresh = await testDatabase();
    const there = { cwd: app, env: { ...env(), OPS_PROFILE: 'builder', DATABASE_URL: fresh.url } };
    await promisify(execFile)(program, args, there);
    // A second pod, or the next release without a migration.
    await promisify(execFile)(program, args, there);
    const { stdout } = await promisify(execFile)('npm', ['run', '--silent', 'migration:show'], there);
    expect(stdout).toContain('[X]');
    expect(stdout).not.toContain('[ ]');
    await fresh.drop();
  });

  it('are enough for the service, which process 1 drains on SIGTERM (DEP-01, PRC-14)', async () => {
    const port = await freePort();
    const cmd = JSON.parse(
      /^CMD (.*)$/m.exec(await readFile(join(REFERENCE_SERVER, 'Dockerfile'), 'utf8'))?.[1] ?? '',
    ) as string[];
    const child = spawn(cmd[0] ?? '', cmd.slice(1), {
      cwd: app,
      env: { ...env(), PORT: String(port) },
      stdio: 'ignore',
    });
    const ended = once(child, 'exit');
    try {
      const readiness = `http://127.0.0.1:${String(port)}/health/readiness`;
      await vi.waitFor(async () => expect((await fetch(readiness)).status).toBe(200), {
        timeout: 20_000,
        interval: 100,
      });
    } finally {
      child.kill('SIGTERM');
    }
    expect(await ended).toEqual([0, null]);
  });
});
