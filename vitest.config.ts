import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

const inRepository = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
// `npm test` tests what it has just built; `npx vitest` what is being written.
const isBuilt = process.env.npm_lifecycle_event === 'test';

export default defineConfig({
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
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/support/global-setup.ts'],
    server: { deps: { external: [/\/dist\//] } },
    // Most of the time goes into waiting for processes and databases, which costs no processor.
    maxWorkers: 3,
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // .ci/run reads the counts from the report.
    reporters: process.env.CI === undefined ? ['default'] : ['default', 'json'],
    outputFile: { json: '.data/test-report.json' },
    coverage: { include: ['src/**'] },
  },
});
