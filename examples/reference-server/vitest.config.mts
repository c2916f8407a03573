import { defineConfig } from 'vitest/config';

// `npm test` in this folder: the service by its own doors, as a team writes its tests that builds on express-runbook.
export default defineConfig({
  cacheDir: '.data/vitest',
  test: {
    include: ['test/**/*.test.ts'],
    // The package as it was built.
    server: { deps: { external: [/\/dist\//] } },
    testTimeout: 30_000,
    hookTimeout: 60_000,
    coverage: { include: ['src/**'], reporter: ['text-summary'] },
  },
});
