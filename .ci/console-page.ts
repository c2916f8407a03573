// Makes the page of the ops console, src/console/page, into one script and one style sheet: for tsup, which puts both as text into the
// build, and for vitest, which imports the sources.
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { build, type Plugin } from 'esbuild';

const root = new URL('..', import.meta.url);
const inRepository = (path: string): string => fileURLToPath(new URL(path, root));
const ASSETS = '/page-assets.js';
const VITE_ID = '\0console-page';

/** For tsup. */
export const consolePage: Plugin = {
  name: 'console-page',
  setup(bundle) {
    bundle.onResolve({ filter: /\/page-assets\.js$/ }, () => ({ path: 'page-assets', namespace: 'console-page' }));
    bundle.onLoad({ filter: /.*/, namespace: 'console-page' }, async () => ({ contents: await assetsModule() }));
  },
};

/** For vitest. */
export const consolePageForVite = {
  name: 'console-page',
  enforce: 'pre' as const,
  resolveId: (id: string): string | undefined => (id.endsWith(ASSETS) ? VITE_ID : undefined),
  load: (id: string): Promise<string> | undefined => (id === VITE_ID ? assetsModule() : undefined),
};

async function assetsModule(): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: {
      script: inRepository('src/console/page/main.ts'),
      style: inRepository('src/console/page/page.css'),
    },
    bundle: true,
    minify: true,
    write: false,
    outdir: 'page',
    format: 'iife',
    target: ['chrome111', 'firefox115', 'safari16.4'],
    charset: 'utf8',
    legalComments: 'none',
  });
  const textOf = (ending: string): string => outputFiles.find(({ path }) => path.endsWith(ending))?.text.trim() ?? '';
  // Which has to be in every copy.
  const notice = await readFile(inRepository('node_modules/uplot/LICENSE'), 'utf8');
  const script = `/* uPlot: ${notice.trim()} */\n${textOf('.js')}`;
  return `export const script = ${JSON.stringify(script)};\nexport const style = ${JSON.stringify(textOf('.css'))};\n`;
}
