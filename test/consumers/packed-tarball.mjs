import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { succeeded } from './bounded-process.mjs';

export const ROOT = fileURLToPath(new URL('../..', import.meta.url));
export const MANIFEST = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));

// What has an identity and must not be repeated in a second file of the same format: that is what tsup's `splitting` is for.
const DEFINITIONS = [
  /\b(?:class AppError|AppError = class)\b/g,
  /\b(?:class ConfigError|ConfigError = class)\b/g,
  /Symbol\.for\("express-runbook\.context\./g,
  /Symbol\.for\("express-runbook\.context-store\./g,
];

/** Builds the package, unless `dist` shall be taken as it is, and packs it into `folder`. Returns the tarball's path. */
export async function packedTarball(folder, { isBuilt }) {
  if (!isBuilt) await succeeded('npm', ['run', 'build', '--', '--silent'], { cwd: ROOT });
  const packing = ['pack', '--json', '--ignore-scripts', '--pack-destination', folder];
  const { stdout } = await succeeded('npm', packing, { cwd: ROOT });
  const [{ filename, files }] = JSON.parse(stdout);
  const paths = files.map(({ path }) => path);
  for (const target of targets(MANIFEST.exports)) assert.ok(paths.includes(target), `${target} is not in the tarball`);
  for (const ending of ['.js', '.cjs']) assertDefinedOnce(paths.filter((path) => path.endsWith(ending)));
  return join(folder, filename);
}

function targets(exports) {
  if (typeof exports === 'string') return [exports.replace('./', '')];
  return Object.values(exports).flatMap(targets);
}

function assertDefinedOnce(paths) {
  const code = paths.map((path) => readFileSync(join(ROOT, path), 'utf8')).join('\n');
  for (const definition of DEFINITIONS) {
    assert.equal(code.match(definition)?.length, 1, `times that ${definition.source} stands in ${paths.join(', ')}`);
  }
}
