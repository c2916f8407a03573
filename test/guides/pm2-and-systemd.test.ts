import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { GRACEFUL_SHUTDOWN_DEFAULTS, loadConfig } from 'express-runbook';
import { describe, expect, it } from 'vitest';
import { REFERENCE_SERVER } from '../support/reference-server.js';
import { strayPieces } from './pieces-of.js';
import { rowsOf, snippetsOf } from './snippets-of.js';

const PAGE = 'docs/guides/pm2-and-systemd.md';
const text = readFileSync(new URL(`../../${PAGE}`, import.meta.url), 'utf8');
const unitOf = (name: string): string =>
  readFileSync(join(REFERENCE_SERVER, 'deploy/systemd', `${name}.service`), 'utf8');
const { hookTimeoutMs } = GRACEFUL_SHUTDOWN_DEFAULTS;

describe('the page about pm2 and systemd', () => {
  it('shows the ecosystem file whole, and pieces of the unit', () => {
    const [ecosystem, ...others] = snippetsOf(PAGE, 'js');
    expect(others).toEqual([]);
    expect(ecosystem?.path).toBe('examples/reference-server/ecosystem.config.js');
    expect(ecosystem?.code).toBe(ecosystem?.source);
    expect(strayPieces(PAGE, 'ini')).toEqual([]);
  });

  it('has pm2 kill later than a drain and a hook may take, with the numbers of the code (PRC-03, PRC-08)', () => {
    const require = createRequire(import.meta.url);
    const { apps } = require(join(REFERENCE_SERVER, 'ecosystem.config.js')) as {
      apps: [{ kill_timeout: number; stop_exit_codes: number[] }];
    };
    const { shutdown } = loadConfig({ env: { pm_id: '0' }, envFile: false });
    expect(apps[0].kill_timeout).toBeGreaterThan(shutdown.delayMs + shutdown.timeoutMs + hookTimeoutMs);
    expect(apps[0].stop_exit_codes).toEqual([78]);
    const why = rowsOf(PAGE).get(`kill_timeout: ${apps[0].kill_timeout}`)?.[0];
    expect([...(why ?? '').matchAll(/\d{4,}/g)].map(([number]) => Number(number))).toEqual([
      shutdown.delayMs,
      shutdown.timeoutMs,
      hookTimeoutMs,
    ]);
  });

  it('closes the same to both services of systemd, and leaves V8 its compiler (PRC-11)', () => {
    const closed = snippetsOf(PAGE, 'ini')
      .map(({ code }) => code)
      .find((code) => code.includes('NoNewPrivileges'));
    expect(closed).toBeDefined();
    for (const name of ['builder-api', 'ordo-backend']) {
      expect(unitOf(name)).toContain(closed);
      expect(unitOf(name)).not.toMatch(/^MemoryDenyWriteExecute/m);
    }
  });

  it('explains settings that stand in the unit, and checks of the doctor that there are', () => {
    const unit = unitOf('builder-api');
    const explained = [...text.matchAll(/^\| `((?:StartLimit|TimeoutStop|RestartPrevent|EnvironmentFile)[^`]*)` \|/gm)];
    expect(explained).toHaveLength(4);
    expect(explained.map(([, line = '']) => line).filter((line) => !unit.includes(`${line}\n`))).toEqual([]);
    const known = rowsOf('docs/guides/doctor.md');
    const ids = [...rowsOf(PAGE).keys()].filter((key) => /^[a-z0-9]+\.[a-z-]+$/.test(key));
    expect(ids).toHaveLength(5);
    expect(ids.filter((id) => !known.has(id))).toEqual([]);
  });
});
