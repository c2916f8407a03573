import { spawnSync } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { BIN, call } from './call.js';

const folder = mkdtempSync(join(tmpdir(), 'redact-check-'));

function file(name: string, content: string): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

describe('express-runbook redact-check', () => {
  it('prints file, line and kind, never the secret, and ends with 1', async () => {
    const path = file('app.log', 'fine\n{"password":"hunter2"}\nGET /?token=hunter2 4111111111111111\n');
    const { exitCode, stdout, stderr } = await call(['redact-check', path]);
    expect(stdout).toBe(`${path}:2: sensitive field\n${path}:3: card number\n${path}:3: sensitive field\n`);
    expect(stderr).toBe('3 findings in 3 lines\n');
    expect(exitCode).toBe(1);
  });

  it('says nothing about clean files and ends with 0', async () => {
    const path = file('clean.log', '{"password":"[REDACTED]"}\n');
    expect(await call(['redact-check', path, path])).toEqual({
      exitCode: 0,
      stdout: '',
      stderr: '0 findings in 2 lines\n',
    });
  });

  it.each([
    [['redact-check', join(folder, 'missing.log')], /cannot read .*missing\.log: ENOENT/],
    [['redact-check', folder], /cannot read .*: EISDIR/],
    [['redact-check', '--secrets', join(folder, 'missing')], /ENOENT/],
    [['redact-check', '--jsn'], /Did you mean --json/],
    [['redact-chek'], /Did you mean redact-check/],
    [[], /redact-check/],
  ])('ends with 2 when it is called wrongly: %j', async (argv, message) => {
    const { exitCode, stderr } = await call(argv);
    expect(stderr).toMatch(message);
    expect(exitCode).toBe(2);
  });

  it('reads standard input, in whatever pieces it comes', async () => {
    const { stdout } = await call(['redact-check', '--json', '-'], ['fine\n{"pass', 'word":"hun', 'ter2"}\nfi', 'ne']);
    expect(JSON.parse(stdout)).toEqual({ file: 'stdin', line: 2, kind: 'sensitive field' });
  });

  it('looks for fields and for secrets that it is told of', async () => {
    const secrets = file('secrets.txt', 'q7Fz0pLwQ\n\n');
    const input = [`iban=NL1\ngot ${Buffer.from('a q7Fz0pLwQ').toString('base64')}\n`];
    const { stdout } = await call(['redact-check', '--field', 'iban', '--field', 'bic', '--secrets', secrets], input);
    expect(stdout).toBe('stdin:1: sensitive field\nstdin:2: registered value\n');
  });

  it('reads a line that has no end in pieces, and finds what stands where they meet', async () => {
    const filler = 'lorem ipsum '.repeat(100);
    const pieces = function* (): Generator<string> {
      for (let index = 0; index < 2_000; index++) yield index === 873 ? `${filler}password=hunter2 ` : filler;
    };
    const { stdout, stderr } = await call(['redact-check'], pieces());
    expect(stdout).toBe('stdin:1: sensitive field\n');
    expect(stderr).toBe('1 finding in 1 lines\n');
  });

  it('is a program of the package, and does not mind a reader that leaves', () => {
    const dirty = file('dirty.log', '{"password":"hunter2"}\n'.repeat(20_000));
    const run = spawnSync('sh', ['-c', `node "${BIN}" redact-check "${dirty}" | head -1`], { encoding: 'utf8' });
    expect(run.stdout).toBe(`${dirty}:1: sensitive field\n`);
    expect(run.stderr).not.toMatch(/EPIPE/);
    expect(spawnSync(process.execPath, [BIN, '--help'], { encoding: 'utf8' })).toMatchObject({
      status: 0,
      stdout: expect.stringContaining('redact-check'),
    });
  });
});
