import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it, vi } from 'vitest';
import { requireTool } from '../support/real-tools.js';
import { launch, parseLines, REFERENCE_SERVER, type ReferenceServer } from '../support/reference-server.js';

const logrotate = requireTool('logrotate');
const ROTATIONS = 4;
// For a busy machine.
const PATIENCE = { timeout: 30_000 };

describe.skipIf(!logrotate.isInstalled)('rotation by the real logrotate, with requests coming in', () => {
  it('loses no line and tears none: SIGHUP opens the files again (LOG-74, F26)', async () => {
    const server = await launch({ env: { DATABASE_URL: 'postgres://127.0.0.1:1/none', LOG_LEVEL: 'fatal' } });
    const rotate = rotation(server);
    let isOver = false;
    const answered: string[] = [];
    const clients = Array.from({ length: 4 }, async (_, client) => {
      for (let index = 0; !isOver; index++) {
        const id = `client-${client}-${index}`;
        await fetch(`${server.url}/dev/items/${index}`, { headers: { 'X-Request-ID': id } });
        answered.push(id);
      }
    });
    for (let round = 1; round <= ROTATIONS; round++) {
      const before = answered.length;
      // An empty file would not be rotated.
      await vi.waitFor(() => expect(answered.length).toBeGreaterThan(before + 50), PATIENCE);
      rotate();
      await vi.waitFor(() => expect(server.logLines('access.log').length).toBeGreaterThan(0), PATIENCE);
    }
    isOver = true;
    await Promise.all(clients);
    await vi.waitFor(() => expect(idsIn(server.logDir, 'access.log').length).toBe(answered.length), PATIENCE);
    for (const name of ['access.log', 'app.log']) {
      expect(filesOf(server.logDir, name)).toHaveLength(1 + ROTATIONS);
      expect(idsIn(server.logDir, name)).toEqual([...answered].sort());
    }
    expect(await server.stop()).toBe(0);
  });
});

const STANZA = readFileSync(join(REFERENCE_SERVER, 'deploy/logs/logrotate/builder-api'), 'utf8');

/** The file that is installed, with what is of this machine: folder, account, and the signal that `systemctl reload` sends. */
function rotation(server: ReferenceServer): () => void {
  const folder = mkdtempSync(join(tmpdir(), 'logrotate-'));
  const account = spawnSync('sh', ['-c', 'echo "$(id -un) $(id -gn)"'], { encoding: 'utf8' }).stdout.trim();
  const configuration = join(folder, 'builder-api');
  const here = { '/var/log/builder-api/': `${server.logDir}/`, 'node node': account };
  const replaced = { ...here, 'systemctl reload builder-api': `kill -HUP ${server.child.pid}` };
  let stanza = STANZA;
  for (const [there, ours] of Object.entries(replaced)) {
    expect(stanza.split(there)).toHaveLength(2);
    stanza = stanza.replace(there, ours);
  }
  writeFileSync(configuration, stanza);
  chmodSync(configuration, 0o644);
  // logrotate keeps away from folders that others may write to.
  chmodSync(server.logDir, 0o755);
  return () => {
    const said = logrotate.exec(['--force', '--state', join(folder, 'state'), configuration]);
    expect(said).toBe('');
  };
}

function filesOf(dir: string, name: string): string[] {
  return readdirSync(dir).filter((file) => file === name || file.startsWith(`${name}.`));
}

/** Every line of every generation is parsed: a torn one fails the test. */
function idsIn(dir: string, name: string): unknown[] {
  const lines = filesOf(dir, name).flatMap((file) => {
    const content = readFileSync(join(dir, file));
    return parseLines((file.endsWith('.gz') ? gunzipSync(content) : content).toString());
  });
  return lines
    .filter((line) => line.msg === 'Request completed')
    .map((line) => line.requestId)
    .sort();
}
