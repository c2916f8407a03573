// What it costs to import the package's root entry, against importing the libraries that it wraps (P12).
import { spawnSync } from 'node:child_process';
import { pathToFileURL } from 'node:url';
import { resolve } from 'node:path';
import { median } from './medians.mjs';

const WRAPPED = ['express', 'express-rate-limit', 'helmet', 'pino', 'pino-http', 'prom-client'];

export function measureImports(checkout, rounds) {
  const entry = pathToFileURL(resolve(checkout, 'dist/index.js')).href;
  const taken = { entry: [], wrapped: [] };
  for (let round = 0; round < rounds; round++) {
    taken.wrapped.push(importCost(WRAPPED));
    taken.entry.push(importCost([entry]));
  }
  return { entry: medians(taken.entry), wrapped: medians(taken.wrapped) };
}

/** One process per import: whatever was imported before would be free. */
function importCost(specifiers) {
  const script = `
    gc();
    const before = process.memoryUsage();
    const startedAt = performance.now();
    for (const specifier of ${JSON.stringify(specifiers)}) await import(specifier);
    const ms = performance.now() - startedAt;
    gc();
    const after = process.memoryUsage();
    console.log(JSON.stringify({ ms, heapMb: (after.heapUsed - before.heapUsed) / 1e6, rssMb: (after.rss - before.rss) / 1e6 }));`;
  const args = ['--expose-gc', '--input-type=module', '--eval', script];
  const { status, stdout, stderr } = spawnSync(process.execPath, args, {
    cwd: import.meta.dirname,
    encoding: 'utf8',
    env: { PATH: process.env.PATH, NODE_ENV: 'production' },
  });
  if (status !== 0) throw new Error(`import failed: ${stderr}`);
  return JSON.parse(stdout);
}

function medians(costs) {
  return Object.fromEntries(['ms', 'heapMb', 'rssMb'].map((name) => [name, median(costs.map((cost) => cost[name]))]));
}
