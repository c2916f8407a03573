import { mkdtemp, readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { succeeded } from './bounded-process.mjs';

/**
 * Names of the packages whose code runs when an entry is imported or required. V8's coverage lists every script of the process,
 * ES modules and CommonJS alike, on every Node.
 */
export async function loadedPackages(node, entry, { cwd, how }) {
  const reports = await mkdtemp(join(cwd, 'coverage-'));
  const code = how === 'import' ? `await import('${entry}')` : `require('${entry}')`;
  const args = [`--input-type=${how === 'import' ? 'module' : 'commonjs'}`, '-e', code];
  await succeeded(node, args, { cwd, env: { PATH: process.env.PATH, NODE_V8_COVERAGE: reports } });
  const names = new Set();
  for (const report of await readdir(reports)) {
    const { result } = JSON.parse(await readFile(join(reports, report), 'utf8'));
    for (const { url } of result) {
      const name = /.*\/node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(url)?.[1];
      if (name !== undefined) names.add(name);
    }
  }
  return names;
}
