import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { REFERENCE_SERVER } from '../support/reference-server.js';

const folder = mkdtempSync(join(tmpdir(), 'defects-long-'));
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

interface Ended {
  readonly code: number;
  readonly output: string;
}

/** npm as on a machine that reaches no registry but the given one. */
function npm(cwd: string, line: string, registry = 'http://127.0.0.1:1'): Promise<Ended> {
  const quiet = { audit: 'false', fund: 'false', update_notifier: 'false', fetch_retries: '0' };
  const settings = { registry, cache: join(folder, 'cache'), ...quiet };
  const env = {
    PATH: process.env.PATH,
    HOME: folder,
    ...Object.fromEntries(Object.entries(settings).map(([name, value]) => [`npm_config_${name}`, value])),
  };
  return new Promise((resolve) => {
    execFile('npm', line.split(' '), { cwd, env }, (error, stdout, stderr) => {
      resolve({ code: error === null ? 0 : Number(error.code), output: stdout + stderr });
    });
  });
}

function write(path: string, content: string | object): void {
  const file = join(folder, path);
  mkdirSync(join(file, '..'), { recursive: true });
  writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content));
}

describe('installing for production and then building (T-17)', () => {
  it('finds nothing to build with; all installed, built and pruned, it is built and small', async () => {
    const app = join(folder, 'app');
    write('compiler/package.json', { name: 'compiler', version: '1.0.0', bin: { compile: 'compile.js' } });
    write('compiler/compile.js', '#!/usr/bin/env node\nrequire("fs").writeFileSync("built.js", "");\n');
    const devDependencies = { compiler: 'file:../compiler' };
    write('app/package.json', { name: 'app', version: '1.0.0', scripts: { build: 'compile' }, devDependencies });
    write('app/package-lock.json', {
      name: 'app',
      version: '1.0.0',
      lockfileVersion: 3,
      packages: {
        '': { name: 'app', version: '1.0.0', devDependencies },
        '../compiler': { version: '1.0.0', dev: true, bin: { compile: 'compile.js' } },
        'node_modules/compiler': { resolved: '../compiler', link: true },
      },
    });
    expect(await npm(app, 'ci --omit=dev')).toMatchObject({ code: 0 });
    expect(await npm(app, 'run build')).toMatchObject({ code: 127, output: expect.stringContaining('compile') });
    for (const line of ['ci', 'run build', 'prune --omit=dev']) expect(await npm(app, line)).toMatchObject({ code: 0 });
    expect(existsSync(join(app, 'built.js'))).toBe(true);
    expect(existsSync(join(app, 'node_modules/.bin/compile'))).toBe(false);
  });

  it('is not what our Dockerfile does', () => {
    const text = readFileSync(join(REFERENCE_SERVER, 'Dockerfile'), 'utf8');
    const steps = [...text.matchAll(/npm (ci|run build:js|prune)( --omit=dev)?/g)].map(([step]) => step);
    expect(steps).toEqual(['npm ci', 'npm run build:js', 'npm prune --omit=dev']);
  });
});

describe('npm audit (T-34)', () => {
  write('audited/package.json', { name: 'audited', version: '1.0.0', dependencies: { 'left-pad': '1.3.0' } });

  it('audits nothing without a lock file, and says so by its exit code', async () => {
    expect(await npm(join(folder, 'audited'), 'audit')).toMatchObject({
      code: 1,
      output: expect.stringContaining('ENOLOCK'),
    });
  });

  it('with one asks the registry, and fails when that does not answer', async () => {
    write('audited/package-lock.json', {
      name: 'audited',
      version: '1.0.0',
      lockfileVersion: 3,
      packages: {
        '': { name: 'audited', version: '1.0.0', dependencies: { 'left-pad': '1.3.0' } },
        'node_modules/left-pad': { version: '1.3.0' },
      },
    });
    const asked: string[] = [];
    const server = createServer((req, res) => {
      asked.push(`${req.method ?? ''} ${req.url ?? ''}`);
      res.setHeader('Content-Type', 'application/json').end('{}');
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const registry = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    expect(await npm(join(folder, 'audited'), 'audit', registry)).toMatchObject({
      code: 0,
      output: expect.stringContaining('found 0 vulnerabilities'),
    });
    server.close();
    expect(asked).toEqual(['POST /-/npm/v1/security/advisories/bulk']);
    expect((await npm(join(folder, 'audited'), 'audit')).code).toBe(1);
  });
});
