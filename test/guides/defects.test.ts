import { execFileSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { ROOT } from '../repo/source-files.js';
import { REFERENCE_SERVER } from '../support/reference-server.js';
import { dead, notShown, rowsWithId } from './table-rows.js';

const PAGE = 'docs/defects.md';
// What a shell or psql is given.
const COMMAND =
  /^(?:cat|createdb|docker(?:-compose)?|git|jq|kill|npm|npx|pg_\w+|pm2|psql|set|vault|(?:\.\/)?scripts\/\S+|DATABASE_URL=\S+|SELECT|VACUUM)(?: |$)/;

const rows = rowsWithId(PAGE, 'T');
const folder = mkdtempSync(join(tmpdir(), 'defects-'));
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

describe('the page of defects', () => {
  it('has each of them once, with what is printed, what happens and what to do instead (DOC-10)', () => {
    const ids = Array.from({ length: 50 }, (_, index) => `T-${String(index + 1).padStart(2, '0')}`);
    expect(rows.map(({ id }) => id).sort()).toEqual(ids.filter((id) => id !== 'T-39'));
    expect(rows.filter(({ cells }) => cells.length !== 4 || cells.includes(''))).toEqual([]);
  });

  it('links each to a file that speaks of it: a test, or a runbook that is typed into a shell (DOC-10)', () => {
    expect(dead(rows)).toEqual([]);
    expect(notShown(rows)).toEqual([]);
  });

  it('tells nobody to type what no linked page runs, or no command line has (DOC-10)', () => {
    const known = commandsOfProgram();
    const wrong = rows.flatMap(({ id, cells: [, , instead = ''], shownBy }) => {
      const texts = shownBy.map((path) => readFileSync(join(ROOT, path), 'utf8'));
      const commands = [...instead.matchAll(/`([^`]+)`/g)].map(([, code = '']) => code);
      const isThere = (code: string): boolean =>
        code.startsWith('express-runbook ')
          ? known.has(code.replace('express-runbook ', ''))
          : !COMMAND.test(code) || texts.some((text) => text.includes(code));
      return commands.filter((code) => !isThere(code)).map((code) => `${id}: ${code}`);
    });
    expect(known.size).toBeGreaterThan(30);
    expect(wrong).toEqual([]);
  });

  it('says (not run) of what needs Docker or Vault, and of nothing else', () => {
    const needy = rows.filter(
      ({ cells: [, , instead = ''] }) => /`(?:docker|vault)/.test(instead) && !instead.includes('exec'),
    );
    expect(needy.map(({ id }) => id)).toEqual(['T-18', 'T-19', 'T-37']);
    expect(rows.filter(({ cells }) => cells.join().includes('(not run)'))).toEqual(needy);
  });
});

describe('a line of the page', () => {
  it('pm2 cannot load a file with module.exports in a package of ES modules; under another name it can (T-25, X-60)', () => {
    const require = createRequire(import.meta.url);
    const load = (name: string): unknown => {
      copyFileSync(join(REFERENCE_SERVER, 'ecosystem.config.js'), join(folder, name));
      return require(join(folder, name));
    };
    writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
    expect(() => load('ecosystem.config.js')).toThrow(/module is not defined|ES Module/);
    expect(load('ecosystem.config.cjs')).toMatchObject({ apps: [{ name: 'builder-api' }] });
    const own = JSON.parse(readFileSync(join(REFERENCE_SERVER, 'package.json'), 'utf8')) as { type?: string };
    expect(own.type).toBeUndefined();
  });

  it('git revert HEAD~1 takes back the commit before the last; HEAD takes back the last (T-36)', () => {
    const cwd = join(folder, 'repository');
    mkdirSync(cwd);
    const env = { PATH: process.env.PATH, HOME: cwd, GIT_CONFIG_NOSYSTEM: '1', ...PERSON };
    const git = (line: string) => execFileSync('git', line.split(' '), { cwd, env, stdio: 'pipe' });
    const left = () => ['first', 'good', 'wrong'].filter((name) => existsSync(join(cwd, name)));
    git('init -q -b main');
    for (const name of ['first', 'good', 'wrong']) {
      writeFileSync(join(cwd, name), name);
      git('add .');
      git(`commit -q -m ${name}`);
    }
    git('revert --no-commit HEAD~1');
    expect(left()).toEqual(['first', 'wrong']);
    git('reset -q --hard');
    git('revert --no-edit HEAD');
    expect(left()).toEqual(['first', 'good']);
  });

  it.each(['docker-compose.yml', 'docker-compose.prod.yml'])(
    'the database of %s is in a volume of its own, which is what down -v removes (T-37)',
    (name) => {
      const { services, volumes } = parse(readFileSync(join(REFERENCE_SERVER, name), 'utf8')) as {
        services: { postgres: { volumes: string[] } };
        volumes: Record<string, unknown>;
      };
      expect(services.postgres.volumes).toContain('postgres-data:/var/lib/postgresql/data');
      expect(Object.keys(volumes)).toEqual(['postgres-data']);
    },
  );
});

const PERSON = {
  GIT_AUTHOR_NAME: 'Ada',
  GIT_AUTHOR_EMAIL: 'ada@example.com',
  GIT_COMMITTER_NAME: 'Ada',
  GIT_COMMITTER_EMAIL: 'ada@example.com',
};

/** By their names, as docs/cli.md has them, which is compared with the program. */
function commandsOfProgram(): Set<string> {
  const found = readFileSync(join(ROOT, 'docs/cli.md'), 'utf8').matchAll(
    /^\| `([a-z][a-z -]*[a-z])(?: [[<][^`]*)?` \|/gm,
  );
  return new Set([...found].map(([, name = '']) => name));
}
