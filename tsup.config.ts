import { defineConfig } from 'tsup';
import { consolePage } from './.ci/console-page.js';
import { cheapToImport } from './.ci/cheap-to-import.js';

export default defineConfig({
  entry: {
    index: 'src/index.ts',
    auth: 'src/auth/index.ts',
    postgres: 'src/postgres/index.ts',
    cache: 'src/cache/index.ts',
    services: 'src/services/index.ts',
    jobs: 'src/jobs/index.ts',
    alerts: 'src/alerts/index.ts',
    testing: 'src/testing/index.ts',
    cli: 'src/cli/main.ts',
    'slack-notify': 'src/cli/slack-notify.ts',
  },
  format: ['esm', 'cjs'],
  target: 'node20',
  platform: 'node',
  // Without it the CommonJS build repeats shared code in every entry: two AppErrors, two context stores.
  splitting: true,
  // Has rollup write the CommonJS files. Without it tsup uses sucrase, which turns every `?.`, `??` and class field into calls
  // of helpers: slower on each request, and nothing that Node 20 needs.
  treeshake: true,
  // The program is run, not imported.
  dts: !process.argv.includes('--no-dts') && {
    entry: {
      index: 'src/index.ts',
      auth: 'src/auth/index.ts',
      postgres: 'src/postgres/index.ts',
      cache: 'src/cache/index.ts',
      services: 'src/services/index.ts',
      jobs: 'src/jobs/index.ts',
      alerts: 'src/alerts/index.ts',
      testing: 'src/testing/index.ts',
    },
  },
  // uuid 14 and jose 6 are ESM only; inside the bundle they work wherever require() does.
  noExternal: ['uuid', 'jose'],
  esbuildPlugins: [consolePage],
  plugins: [cheapToImport],
  esbuildOptions(options) {
    options.charset = 'ascii';
  },
  shims: true,
  clean: true,
  sourcemap: false,
});
