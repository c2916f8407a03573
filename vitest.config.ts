import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';
import { consolePageForVite } from './.ci/console-page.js';

const inRepository = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
// `npm test` tests what it has just built; `npx vitest` what is being written.
const isBuilt = process.env.npm_lifecycle_event === 'test';
// What starts many servers or waits for long runs in the smoke part of the campaign, so that `npm test` stays below four minutes.
const isLong = process.env.LONG_TESTS === '1';
const LONG_TESTS = 'test/**/*.long.test.ts';

export default defineConfig({
  plugins: [consolePageForVite],
  resolve: {
    // The tests enter by the public door, and read the sources behind it.
    alias: isBuilt
      ? [
          { find: /^express-runbook$/, replacement: inRepository('./dist/index.js') },
          { find: /^express-runbook\/(\w+)$/, replacement: inRepository('./dist/$1.js') },
        ]
      : [
          { find: /^express-runbook$/, replacement: inRepository('./src/index.ts') },
          { find: /^express-runbook\/(\w+)$/, replacement: inRepository('./src/$1/index.ts') },
        ],
  },
  test: {
    include: isLong ? [LONG_TESTS] : ['test/**/*.test.ts'],
    exclude: ['**/node_modules/**', ...(isLong ? [] : [LONG_TESTS])],
    globalSetup: ['test/support/global-setup.ts'],
    server: { deps: { external: [/\/dist\//] } },
    // Most of the time goes into waiting for processes and databases, which costs no processor.
    maxWorkers: 3,
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // .ci/run reads the counts from the report.
    reporters: process.env.CI === undefined ? ['default'] : ['default', 'json'],
    outputFile: { json: isLong ? '.data/long-test-report.json' : '.data/test-report.json' },
    coverage: { include: ['src/**'] },
  },
});
