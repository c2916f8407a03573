import { defineConfig } from 'tsup';

export default defineConfig({
  entry: {
    index: 'src/server.ts',
    main: 'src/main.ts',
    worker: 'src/worker.ts',
    look: 'src/look.ts',
    // For the commands of express-runbook, and for the seeds.
    profile: 'src/profile-defaults.ts',
    'profile-run': 'src/profile-run.ts',
    passwords: 'src/auth/passwords.ts',
    'docs-generate': 'src/docs/generate.ts',
    'stand-ins': 'src/stand-ins/serve.ts',
    vectors: 'src/tasks/vectors.ts',
  },
  // This package has no "type": ecosystem files, seeds and src/index.js run as CommonJS under their plain names.
  format: ['cjs'],
  target: 'node20',
  platform: 'node',
  external: ['./index.js'],
  clean: true,
  sourcemap: true,
});
