import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, describe, expect, it, onTestFinished } from 'vitest';
import { conformance } from 'express-runbook/testing';
import { BIN } from '../cli/call.js';
import { ROOT } from '../repo/source-files.js';
import { freePort } from '../support/reference-server.js';
import { untilAnswers, untilSilent } from './answering.js';

const folder = mkdtempSync(join(tmpdir(), 'conformance-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** Serves at a port; when it is told to end it says so in a file, and ends unless it is deaf. */
const SERVER = join(folder, 'server.cjs');
writeFileSync(
  SERVER,
  `const [, , port, file, deaf] = process.argv;
   process.on('SIGTERM', () => { require('node:fs').writeFileSync(file, 'told'); if (!deaf) process.exit(); });
   require('node:http').createServer((req, res) => res.end('{}')).listen(Number(port), '127.0.0.1');`,
);

interface Place {
  readonly url: string;
  readonly port: string;
  /** What the server says when it is told to end. */
  readonly file: string;
}

async function place(): Promise<Place> {
  const port = String(await freePort());
  return { url: `http://127.0.0.1:${port}`, port, file: join(folder, port) };
}

/** A shell that has started the server and goes on as it is told: with the server it makes a process group. */
const shell = ({ port, file }: Place, then: string, deaf = ''): string[] => [
  'sh',
  '-c',
  `'${process.execPath}' '${SERVER}' ${port} '${file}' ${deaf} & ${then}`,
];
const ONE_CHECK = ['ids.generated'];

describe('what a command of conformance() has started', () => {
  it('is ended with it, in order, although no check has asked for that', async () => {
    const at = await place();
    await conformance({ url: at.url, command: shell(at, 'wait'), only: ONE_CHECK });
    await untilSilent(at.url);
    expect(readFileSync(at.file, 'utf8')).toBe('told');
  });

  it('is ended when it was left behind by a command that has ended', async () => {
    const [at, elsewhere] = [await place(), await place()];
    // It waits for its server, so that this is there when it ends.
    const then = `until curl -so /dev/null ${elsewhere.url}; do sleep 0.1; done; exit 3`;
    await expect(conformance({ url: at.url, command: shell(elsewhere, then) })).rejects.toThrow('exit code 3');
    await untilSilent(elsewhere.url);
  });

  it('is killed when it does not end, and nothing else is', async () => {
    const [at, other] = [await place(), await place()];
    const bystander = spawn(process.execPath, [SERVER, other.port, other.file]);
    onTestFinished(() => void bystander.kill('SIGKILL'));
    await untilAnswers(other.url);
    await conformance({ url: at.url, command: shell(at, 'wait', 'deaf'), only: ONE_CHECK, shutdownTimeoutMs: 2000 });
    await untilSilent(at.url);
    expect(readFileSync(at.file, 'utf8')).toBe('told');
    expect(bystander.exitCode).toBeNull();
    await untilAnswers(other.url);
  });

  it('is ended by whatever ends the process that called it', async () => {
    const at = await place();
    const testing = pathToFileURL(join(ROOT, 'dist/testing.js')).href;
    const caller = `import { conformance } from '${testing}';
      const command = ${JSON.stringify(shell(at, 'wait'))};
      conformance({ url: '${(await place()).url}', command });
      const look = () => fetch('${at.url}').then(() => process.exit(7), () => setTimeout(look, 50));
      look();`;
    const child = execFile(process.execPath, ['--input-type=module', '-e', caller]);
    expect((await once(child, 'exit'))[0]).toBe(7);
    await untilSilent(at.url);
  });
});

describe('express-runbook conformance … -- npm start', () => {
  const start = (args: readonly string[]): ChildProcess => {
    const child = spawn(process.execPath, [BIN, 'conformance', ...args], { stdio: 'ignore' });
    onTestFinished(() => void child.kill('SIGKILL'));
    return child;
  };

  it('leaves no server behind', async () => {
    const at = await place();
    const scripts = { start: `node ${SERVER} ${at.port} ${at.file}` };
    writeFileSync(join(folder, 'package.json'), JSON.stringify({ name: 'served', private: true, scripts }));
    const args = [at.url, '--only', 'ids.generated', '--', 'npm', '--prefix', folder, 'start'];
    expect((await once(start(args), 'exit'))[0]).toBe(1);
    await untilSilent(at.url);
  });

  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGHUP', 129],
  ] as const)('ends it when it gets %s itself', async (signal, exitCode) => {
    const [at, elsewhere] = [await place(), await place()];
    const child = start([at.url, '--', ...shell(elsewhere, 'wait')]);
    await untilAnswers(elsewhere.url);
    child.kill(signal);
    expect((await once(child, 'exit'))[0]).toBe(exitCode);
    await untilSilent(elsewhere.url);
  });
});
