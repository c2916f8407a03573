import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

const source = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

export default defineConfig({
  resolve: {
    // The tests enter by the public door, and read the sources behind it.
    alias: [
      { find: /^express-runbook$/, replacement: source('./src/index.ts') },
      { find: /^express-runbook\/(\w+)$/, replacement: source('./src/$1/index.ts') },
    ],
  },
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/support/global-setup.ts'],
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
