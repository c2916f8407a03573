import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Registry } from 'prom-client';
import { afterAll, describe, expect, it } from 'vitest';
import { createGracefulShutdown, createHealthRouter, rateLimiter } from 'express-runbook';
import { createPool } from 'express-runbook/postgres';
import { call } from '../cli/call.js';
import { ENVIRONMENT, ENVIRONMENT_FILES, NO_TIMES, PRODUCTION } from '../corpus/environment.js';
import { recordingLogger } from '../support/recording-logger.js';
import { exitOf, spawnServer } from '../support/reference-server.js';
import { load, refused } from './load.js';

const folder = mkdtempSync(join(tmpdir(), 'corpus-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

const at = (settings: object, path: string): unknown =>
  path.split('.').reduce<unknown>((node, key) => (node as Record<string, unknown>)[key], settings);

const print = (env: Readonly<Record<string, string>>, envFile = '/nonexistent/.env') =>
  call(['config', 'print', '--json', '--dotenv', envFile], [], { env });

describe('hostile variables', () => {
  it.each(ENVIRONMENT)('$id $what: refused by name or taken for what it says, never shown (CFG-49)', async (input) => {
    const { env, refused: names = [], taken = {}, warned } = input;
    const problems = refused(env);
    expect(Object.keys(problems).sort()).toEqual([...names].sort());
    expect(JSON.stringify(problems)).not.toContain('c4n4ry');
    const printed = await print(env);
    expect(printed.stdout + printed.stderr).not.toMatch(/c4n4ry|[^]{20000}/);
    if (names.length > 0) {
      expect(printed).toMatchObject({ exitCode: 2, stdout: '' });
      for (const name of names) expect(printed.stderr).toContain(name);
      return;
    }
    expect(printed.exitCode).toBe(0);
    const config = load(env);
    for (const [path, value] of Object.entries(taken)) expect(at(config, path), path).toEqual(value);
    expect(config.warnings).toEqual(warned === undefined ? [] : [expect.stringContaining(warned)]);
    if (warned !== undefined) expect(printed.stderr).toContain(warned);
  });

  it.each(ENVIRONMENT.filter(({ env }) => Object.values(env).every((text) => text.trim() !== '')))(
    '$id $what: the same as an option (CFG-49)',
    ({ env, refused: names = [], warned }) => {
      // A name that does not exist is a warning in the environment, where others have variables too, and refused in an option.
      const expected = warned?.startsWith('OPS_') === true ? Object.keys(env) : names;
      expect(Object.keys(refused({}, { overrides: env })).sort()).toEqual([...expected].sort());
    },
  );

  it.each(ENVIRONMENT_FILES)('$id $what in .env: read as without', async ({ content }) => {
    const envFile = join(folder, '.env');
    writeFileSync(envFile, content);
    expect(load({}, { envFile })).toMatchObject({ port: 3101, database: { name: 'c4n4ry' }, warnings: [] });
    expect(JSON.parse((await print({}, envFile)).stdout)).toMatchObject({ port: 3101, database: { name: 'c4n4ry' } });
  });

  it('all at once are one list of names on standard error, exit code 78, and nothing listens (CFG-49, CFG-50)', async () => {
    const bad = ENVIRONMENT.filter(({ refused: names }) => names !== undefined);
    // The first of each variable; an environment has one value for each.
    const values = bad.toReversed().flatMap(({ env, refused: names = [] }) => names.map((name) => [name, env[name]]));
    const env = Object.fromEntries(values) as Record<string, string>;
    const server = await spawnServer({ env: { ...PRODUCTION, ...env } });
    expect(await exitOf(server)).toBe(78);
    expect(server.output()).toBe('');
    for (const name of Object.keys(env)) expect(server.errors(), name).toMatch(new RegExp(`^.*\\b${name}\\b`, 'm'));
    expect(server.errors()).not.toContain('c4n4ry');
    expect(server.errors()).not.toContain('    at ');
    rmSync(server.logDir, { recursive: true, force: true });
  });
});

describe('the same numbers as options', () => {
  const registry = new Registry();
  const OPTIONS: readonly (readonly [name: string, make: (value: never) => unknown])[] = [
    ['windowMs', (windowMs) => rateLimiter({ windowMs, registry })],
    ['timeoutMs', (timeoutMs) => createGracefulShutdown({ timeoutMs, logger: recordingLogger() })],
    ['timeoutMs', (timeoutMs) => createHealthRouter({ timeoutMs })],
    ['connectionTimeoutMs', (connectionTimeoutMs) => createPool({ connectionTimeoutMs })],
  ];

  it.each(NO_TIMES)('%i %j is no time: refused by the name of the option when it is said (CFG-49)', (_id, value) => {
    for (const [name, make] of OPTIONS)
      expect(() => make(value as never), name).toThrow(
        expect.objectContaining({ name: 'ConfigError', option: expect.stringMatching(`\\.${name}$`) as string }),
      );
  });
});
