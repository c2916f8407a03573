import { describe, expect, it } from 'vitest';
import { sourceFiles, type SourceFile } from './source-files.js';

const files = sourceFiles('src');
/** The packages a capability exists to wrap, or meets its user with. Type imports count. */
const WRAPPED: Readonly<Record<string, readonly string[]>> = {
  correlation: ['uuid', 'prom-client'],
  logging: ['pino', 'pino-http', 'pino-pretty', 'prom-client'],
  errors: [],
  health: ['express', 'prom-client'],
  cache: ['lru-cache', 'prom-client'],
  services: ['prom-client'],
  jobs: ['graphile-worker', 'pg', 'prom-client'],
  metrics: ['express', 'prom-client'],
  postgres: ['pg', 'umzug', 'prom-client'],
  security: ['helmet', 'express-rate-limit', 'rate-limit-redis', 'prom-client'],
  server: [],
  shutdown: [],
  profiling: [],
  auth: ['jose', 'prom-client'],
  backups: ['prom-client'],
  config: [],
  storage: [],
};

const folderOf = (path: string): string => path.split('/')[1] ?? '';
const isPackage = (specifier: string): boolean => !specifier.startsWith('src/');
const isBuiltIn = (specifier: string): boolean => specifier.startsWith('node:');
const capabilities = Object.keys(WRAPPED);
const inFolder = (folder: string): SourceFile[] => files.filter((file) => file.path.startsWith(`src/${folder}/`));

function offences(among: readonly SourceFile[], isAllowed: (specifier: string, file: SourceFile) => boolean): string[] {
  return among.flatMap((file) =>
    file.imports.filter((specifier) => !isAllowed(specifier, file)).map((specifier) => `${file.path} → ${specifier}`),
  );
}

describe('the layers of src', () => {
  it('finds the files and their imports', () => {
    expect(files.length).toBeGreaterThan(30);
    expect(files.find((file) => file.path === 'src/correlation/correlation-id.ts')?.imports).toContain(
      'src/core/context.ts',
    );
  });

  it('core imports node: and core only, and has no barrel (D1)', () => {
    expect(offences(inFolder('core'), (to) => isBuiltIn(to) || folderOf(to) === 'core')).toEqual([]);
    expect(files.map((file) => file.path)).not.toContain('src/core/index.ts');
  });

  it('instruments imports core and prom-client only (D1)', () => {
    const isAllowed = (to: string): boolean =>
      to === 'prom-client' || isBuiltIn(to) || (!isPackage(to) && ['core', 'instruments'].includes(folderOf(to)));
    expect(offences(inFolder('instruments'), isAllowed)).toEqual([]);
  });

  it('every folder of src is a known part of the house', () => {
    const known = ['core', 'instruments', 'kit', 'testing', 'cli', 'index.ts', ...capabilities];
    expect(files.filter((file) => !known.includes(folderOf(file.path)))).toEqual([]);
  });

  it.each(capabilities)(
    '%s imports core, instruments, node: and the library it wraps; never another capability (D2, D3)',
    (name) => {
      const isAllowed = (to: string): boolean => {
        if (isPackage(to)) return isBuiltIn(to) || (WRAPPED[name] ?? []).includes(to);
        return [name, 'core', 'instruments'].includes(folderOf(to));
      };
      expect(offences(inFolder(name), isAllowed)).toEqual([]);
    },
  );

  it('kit and the public door enter a capability by its index.ts, and never auth, postgres or testing (D4)', () => {
    const isAllowed = (to: string, file: SourceFile): boolean => {
      if (isPackage(to)) return isBuiltIn(to) || to === 'express' || to === 'prom-client';
      if (folderOf(to) === 'core' || folderOf(to) === folderOf(file.path)) return true;
      return /^src\/[a-z]+\/index\.ts$/.test(to) && !['auth', 'postgres', 'testing'].includes(folderOf(to));
    };
    const doors = [...inFolder('kit'), ...files.filter((file) => file.path === 'src/index.ts')];
    expect(offences(doors, isAllowed)).toEqual([]);
  });

  it('testing uses what a user can import, core, and express; nobody imports testing (D4, D5)', () => {
    const isAllowed = (to: string): boolean => {
      if (isPackage(to)) return isBuiltIn(to) || to === 'express' || to === 'prom-client';
      return to === 'src/index.ts' || ['core', 'testing'].includes(folderOf(to));
    };
    expect(inFolder('testing').length).toBeGreaterThan(10);
    expect(offences(inFolder('testing'), isAllowed)).toEqual([]);
    const others = files.filter((file) => folderOf(file.path) !== 'testing');
    expect(offences(others, (to) => folderOf(to) !== 'testing')).toEqual([]);
  });

  it('cli uses what a user can import, commander, yaml and a Redis client; nobody imports cli (D4, D5)', () => {
    const isAllowed = (to: string): boolean => {
      if (isPackage(to)) return isBuiltIn(to) || ['commander', 'ioredis', 'yaml'].includes(to);
      return ['src/index.ts', 'src/postgres/index.ts', 'src/cache/index.ts'].includes(to) || folderOf(to) === 'cli';
    };
    expect(inFolder('cli').length).toBeGreaterThan(3);
    expect(offences(inFolder('cli'), isAllowed)).toEqual([]);
    const others = files.filter((file) => folderOf(file.path) !== 'cli');
    expect(offences(others, (to) => folderOf(to) !== 'cli')).toEqual([]);
  });

  it('no import runs in a circle, types included (D5)', () => {
    expect(circles(files)).toEqual([]);
  });

  it('nothing outside of config reads the environment (D6)', () => {
    const readers = files.filter(
      (file) => !/^src\/(config|testing|cli)\//.test(file.path) && file.text.includes('process.env'),
    );
    expect(readers.map((file) => file.path)).toEqual([]);
  });

  it('no file is longer than 150 lines', () => {
    const long = files.filter((file) => file.text.split('\n').length > 151);
    expect(long.map((file) => `${file.path}: ${file.text.split('\n').length}`)).toEqual([]);
  });
});

function circles(among: readonly SourceFile[]): string[] {
  const importsOf = new Map(among.map((file) => [file.path, file.imports.filter((to) => !isPackage(to))]));
  const found: string[] = [];
  const done = new Set<string>();
  const visit = (path: string, trail: readonly string[]): void => {
    if (trail.includes(path)) {
      found.push([...trail.slice(trail.indexOf(path)), path].join(' → '));
      return;
    }
    if (done.has(path)) return;
    for (const next of importsOf.get(path) ?? []) visit(next, [...trail, path]);
    done.add(path);
  };
  for (const file of among) visit(file.path, []);
  return found;
}
