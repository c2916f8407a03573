// Builds the JavaScript of the package and of the reference server, each only when its sources are newer than its output.
// `npm start` and `npm test` call it: npm runs no pre/post scripts when scripts are disabled, so nothing may rely on them.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
// What tsup.config.ts imports.
const PARTS = ['.ci/console-page.ts', '.ci/cheap-to-import.ts'];
const tsup = createRequire(import.meta.url).resolve('tsup/dist/cli-default.js');

for (const folder of ['.', 'examples/reference-server']) {
  const cwd = join(root, folder);
  if (!isStale(cwd)) continue;
  if (process.stderr.isTTY) process.stderr.write(`  Building ${folder === '.' ? 'the package' : folder} …\n`);
  const { status, stdout, stderr } = spawnSync(process.execPath, [tsup, '--no-dts'], { cwd, encoding: 'utf8' });
  if (status === 0) continue;
  process.stderr.write(`build of ${folder} failed\n${stdout}${stderr}`);
  process.exit(status ?? 1);
}

function isStale(cwd) {
  const built = oldest(join(cwd, 'dist'));
  const inputs = [newest(join(cwd, 'src')), modified(join(cwd, 'tsup.config.ts')), modified(join(cwd, 'package.json'))];
  if (existsSync(join(cwd, '.ci'))) for (const part of PARTS) inputs.push(modified(join(cwd, part)));
  return built === undefined || Math.max(...inputs) > built;
}

function files(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => modified(join(entry.parentPath, entry.name)));
}

function newest(folder) {
  return Math.max(...files(folder));
}

function oldest(folder) {
  try {
    const times = files(folder);
    return times.length === 0 ? undefined : Math.min(...times);
  } catch (error) {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  }
}

function modified(path) {
  return statSync(path).mtimeMs;
}
