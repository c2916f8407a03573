import { execFileSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GRACEFUL_SHUTDOWN_DEFAULTS } from 'express-runbook';
import { afterAll, describe, expect, it } from 'vitest';
import { requireTool } from '../support/real-tools.js';
import { REFERENCE_SERVER } from '../support/reference-server.js';

const systemdAnalyze = requireTool('systemd-analyze');
const logrotate = requireTool('logrotate');
const folder = mkdtempSync(join(tmpdir(), 'deployment-host-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const read = (path: string): string => readFileSync(join(REFERENCE_SERVER, 'deploy', path), 'utf8');

/** What a unit says, each name with its values in order. */
function settingsOf(unit: string): Record<string, string[]> {
  const settings: Record<string, string[]> = {};
  for (const [, name = '', value = ''] of unit.matchAll(/^(\w+)=(.*)$/gm)) (settings[name] ??= []).push(value);
  return settings;
}

describe.each([
  { name: 'builder-api', profile: 'builder', start: '/usr/bin/node dist/index.js', at: '/opt/builder-api' },
  { name: 'ordo-backend', profile: 'ordo', start: '/usr/bin/node dist/main.js', at: '/opt/ordo-todo/apps/backend' },
])('the unit $name of systemd', ({ name, profile, start, at }) => {
  const text = read(`systemd/${name}.service`);
  const unit = settingsOf(text);

  it('drains on SIGTERM, opens its log files again on reload, and runs as node (PRC-11, PRC-10, DEP-12, DEP-16)', () => {
    expect(unit).toMatchObject({
      Type: ['notify'],
      NotifyAccess: ['all'],
      User: ['node'],
      WorkingDirectory: [at],
      ExecStart: [start],
      ExecReload: ['/bin/kill -HUP $MAINPID'],
      KillSignal: ['SIGTERM'],
      Restart: ['always'],
      // A configuration that cannot work: docs/guides/shutdown.md.
      RestartPreventExitStatus: ['78'],
    });
    expect(unit.Environment).toEqual(
      expect.arrayContaining(['NODE_ENV=production', `OPS_PROFILE=${profile}`, `LOG_DIR=/var/log/${name}`]),
    );
  });

  it('is killed later than a drain and a hook may take', () => {
    const { timeoutMs, hookTimeoutMs } = GRACEFUL_SHUTDOWN_DEFAULTS;
    expect(Number(unit.TimeoutStopSec?.[0]) * 1000).toBeGreaterThan(timeoutMs + hookTimeoutMs);
  });

  it.skipIf(!systemdAnalyze.isInstalled)('is one that systemd-analyze has nothing to say of (DEP-12)', () => {
    const file = join(folder, `${name}.service`);
    // systemd looks whether the program is there; on this machine node may be elsewhere.
    writeFileSync(file, text.replace('/usr/bin/node', process.execPath));
    // What it says of other units, which are those of the machine, is left out.
    const said = (): string[] =>
      systemdAnalyze
        .exec(['verify', '--man=no', file])
        .split('\n')
        .filter((line) => line.includes(`${name}.service`));
    expect(said()).toEqual([]);
    writeFileSync(file, text.replace('KillSignal=SIGTERM', 'KillSignal=SIGNONE'));
    expect(said()).toEqual([expect.stringContaining('SIGNONE')]);
  });

  it.skipIf(!systemdAnalyze.isInstalled)(
    'gives the service few rights, as systemd-analyze counts them: 0 is none, 10 all',
    () => {
      const file = join(folder, `${name}.service`);
      writeFileSync(file, text);
      const said = systemdAnalyze.exec(['security', '--offline=true', '--no-pager', file]);
      const exposure = Number(/exposure level for \S+: ([\d.]+)/.exec(said)?.[1]);
      expect(exposure).toBeGreaterThan(0);
      expect(exposure).toBeLessThan(5);
    },
  );
});

describe('rotation of the log files', () => {
  const stanza = read('logs/logrotate/builder-api');

  it('is that of the guide (LOG-74, DEP-11)', () => {
    expect(stanza.split('\n').map((line) => line.trim())).toEqual([
      '/var/log/builder-api/*.log {',
      'daily',
      'rotate 7',
      'compress',
      'delaycompress',
      'notifempty',
      'create 644 node node',
      'sharedscripts',
      'postrotate',
      'systemctl reload builder-api',
      'endscript',
      '}',
      '',
    ]);
  });

  it.skipIf(!logrotate.isInstalled)(
    'is one that logrotate accepts where its account exists, and skips where not (T-09)',
    () => {
      const file = join(folder, 'builder-api');
      const debug = (owner: string): string => {
        writeFileSync(file, stanza.replace('/var/log/builder-api', folder).replace('node node', owner));
        chmodSync(file, 0o644);
        return logrotate.exec(['-d', '--state', join(folder, 'state'), file]);
      };
      writeFileSync(join(folder, 'app.log'), 'a line\n');
      const account = execFileSync('sh', ['-c', 'echo "$(id -un) $(id -gn)"'], { encoding: 'utf8' }).trim();
      expect(debug(account)).toMatch(/after 1 days \(7 rotations\)/);
      expect(debug(account)).not.toContain('error:');
      expect(debug('no-such-user no-such-group')).toMatch(/error: .*unknown user 'no-such-user'/);
    },
  );
});

describe('cron', () => {
  it('backs up every night, by the script that proves the backup and prunes (DEP-13)', () => {
    const jobs = read('cron/backup')
      .split('\n')
      .filter((line) => /^[\d*]/.test(line));
    const [nightly, rehearsal] = jobs.map((line) => line.split(/\s+/));
    // Minute and hour once a day; then the account, as /etc/cron.d has it, and the command.
    expect(nightly?.slice(0, 5).map((field) => (field === '*' ? '*' : Number(field)))).toEqual([15, 2, '*', '*', '*']);
    expect(nightly?.[6]).toMatch(/\/scripts\/backup\.sh$/);
    expect(rehearsal?.[2]).toBe('1');
    const script = readFileSync(join(REFERENCE_SERVER, 'scripts/backup.sh'), 'utf8');
    for (const step of ['runbook create', 'runbook verify latest', 'runbook prune']) expect(script).toContain(step);
  });
});
