import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { conformance } from 'express-runbook/testing';
import { cli } from '../cli/cli.js';
import { ROOT } from '../repo/source-files.js';
import { freePort } from '../support/reference-server.js';
import { untilAnswers } from './answering.js';
import { BROKEN, wired } from './conformance-apps.js';
import { failuresOf } from './conformance-failures.js';

/** A service in one file, told its port. */
const served = (code: string): string[] => [
  process.execPath,
  '-e',
  `const answer = (req, res) => req.resume().on('end', () => res.setHeader('content-type', 'application/json').end('{}'));
   ${code}
   require('node:http').createServer(answer).listen(Number(process.env.PORT), '127.0.0.1');`,
];

async function commandAt(): Promise<{ url: string; env: Record<string, string> }> {
  const port = await freePort();
  return { url: `http://127.0.0.1:${port}`, env: { PORT: String(port), HOST: '127.0.0.1', LOG_LEVEL: 'fatal' } };
}

describe('conformance()', () => {
  it.each(BROKEN)('fails for the right reason: $what', async ({ build, failures }) => {
    expect(await failuresOf(build)).toEqual(failures.map((pattern) => expect.stringMatching(pattern)));
  });

  it('fails for the right reason: a limit that is told and not kept', async () => {
    const told = wired((_req, res, next) => {
      res.setHeader('RateLimit-Policy', '"default";q=20;w=60');
      next();
    });
    const failures = await failuresOf(told, {}, { rateLimit: false });
    expect(failures).toEqual(['limits.enforced: 20 requests are allowed, and 30 were answered']);
  });

  it.each([
    [
      'that knows no SIGTERM',
      '',
      [
        /^shutdown\.readiness: it stopped listening/,
        /^shutdown\.in-flight: its connection was cut$/,
        /^shutdown\.exit: ended by SIGTERM$/,
      ],
    ],
    [
      'that does not end',
      `process.on('SIGTERM', () => undefined);`,
      [
        /^shutdown\.readiness: readiness is 200$/,
        /^shutdown\.exit: it still runs$/,
        /^shutdown\.closed: the port still answers$/,
      ],
    ],
    [
      'that ends at once, with an error',
      `process.on('SIGTERM', () => process.exit(3));`,
      [
        /^shutdown\.readiness: it stopped listening/,
        /^shutdown\.in-flight: its connection was cut$/,
        /^shutdown\.exit: exit code 3$/,
      ],
    ],
  ])('fails for the right reason: a process %s', async (_what, code, expected) => {
    const { url, env } = await commandAt();
    const options = { url, env, command: served(code), only: ['shutdown'], shutdownTimeoutMs: 1500 };
    const { failures } = await conformance(options);
    expect(failures).toEqual(expected.map((pattern) => expect.stringMatching(pattern)));
    // Whatever it did, it is gone.
    await expect(fetch(url)).rejects.toThrow();
  });

  it('ends what it started when it is told to end', async () => {
    const { url, env } = await commandAt();
    const end = new AbortController();
    const ended = conformance({ url, env, command: served(''), signal: end.signal });
    await untilAnswers(url);
    end.abort(new Error('enough'));
    await expect(ended).rejects.toThrow('enough');
    await expect(fetch(url)).rejects.toThrow();
  });
});

describe('express-runbook conformance', () => {
  it('starts the quick start, finds nothing and ends it', async () => {
    const { url, env } = await commandAt();
    const bin = join(ROOT, 'dist/cli.js');
    const args = [
      'conformance',
      url,
      '--path',
      '/hello/ann',
      '--',
      'node',
      join(ROOT, 'examples/quick-start/server.js'),
    ];
    const child = spawn(process.execPath, [bin, ...args], { env: { PATH: process.env.PATH, ...env } });
    let stdout = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
    const [code] = await once(child, 'close');
    expect(stdout).toMatch(/^PASS {2}ids\.generated /);
    expect(stdout).toMatch(/\n26 passed, 0 failed, 1 skipped\n$/);
    expect(code).toBe(0);
  });

  it('exits with 1 when something fails, and tells it in words and as a document', async () => {
    const { url } = await commandAt();
    const child = spawn(process.execPath, served('').slice(1), { env: { PORT: new URL(url).port } });
    await untilAnswers(url);
    const { exitCode, stdout } = await cli(['conformance', url, '--only', 'ids.generated,errors.not-found']);
    expect(stdout).toMatch(/^FAIL {2}ids\.generated .*\n {6}X-Request-ID is missing, not a UUID\nFAIL /);
    expect(stdout).toMatch(/\n0 passed, 2 failed, 0 skipped\n$/);
    expect(exitCode).toBe(1);
    const { stdout: json } = await cli(['conformance', url, '--only', 'ids.generated', '--json']);
    expect(JSON.parse(json)).toMatchObject({ passed: false, findings: [{ id: 'ids.generated', status: 'fail' }] });
    // Nobody is there to be asked.
    expect(await cli(['conformance', url, '--pid', String(child.pid)])).toMatchObject({ exitCode: 2 });
    expect(child.exitCode).toBeNull();
    child.kill();
    await once(child, 'close');
  });

  it.each([
    [['conformance'], 2, /missing required argument 'url'/],
    [['conformance', 'localhost:3000'], 2, /must be a URL such as/],
    [['conformance', 'http://127.0.0.1:1', '--only', 'idz'], 2, /must be one of ids/],
    [['conformance', 'http://127.0.0.1:1', '--', 'node', '-e', 'throw 1'], 1, /node does not serve at .*: exit code 1/],
    [['conformance', 'http://127.0.0.1:1', '--', '/nonexistent/program'], 1, /could not be started/],
    [['conformance', 'http://127.0.0.1:1', '--pid', '4194304', '--yes'], 1, /there is no process 4194304/],
  ])('says what is wrong with the call: %j', async (args, code, message) => {
    const { exitCode, stderr } = await cli(args);
    expect(stderr).toMatch(message);
    expect(exitCode).toBe(code);
  });
});
