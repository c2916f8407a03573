import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../repo/source-files.js';

const INSTALL = 'test -x node_modules/.bin/pm2 || npm install --no-audit --no-fund --silent pm2@7';

/** Where pm2 is: it is no dependency, so the first page that wants it installs it beside the build, and the others wait. */
export function pm2Folder(): string {
  const folder = join(ROOT, '.data/pm2');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'package.json'), '{ "private": true }\n');
  const options = { cwd: folder, encoding: 'utf8', timeout: 5 * 60_000 } as const;
  const { status, stderr } = spawnSync('flock', ['.lock', 'sh', '-c', INSTALL], options);
  if (status !== 0) throw new Error(`pm2 could not be installed: ${stderr}`);
  return folder;
}
