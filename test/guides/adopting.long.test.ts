import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { patternOf } from '../runbooks/expected.js';
import { openShell, type Shell } from '../runbooks/shell.js';
import { ROOT } from '../repo/source-files.js';
import { testDatabase, type TestDatabase } from '../support/postgres.js';
import { requireTool } from '../support/real-tools.js';
import { freePort } from '../support/reference-server.js';
import { blocks } from './adopting/page.js';
import { expressFourFolder, freshFolder, startService, type Folder, type Service } from './adopting/service.js';

const psql = requireTool('psql');
const END_OTHERS = `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
  WHERE pid <> pg_backend_pid() AND datname = current_database()`;
const PATIENCE = { timeout: 10_000, interval: 100 };
const READS_LOG = /^grep .*server\.log$/;

/** Each command block of the page, with what it prints and the file that is `server.js` there. */
const parts = blocks().flatMap((block, index, all) => {
  if (block.language !== 'bash') return [];
  const prints = all[index + 1]?.code ?? '';
  const before = all.slice(0, index).filter(({ language, path }) => language !== 'sql' && isStep(path));
  return [
    {
      ...block,
      prints,
      file: before.at(-1)?.path ?? '',
      title: `line ${block.at}: ${block.code.split('\n')[0] ?? ''}`,
    },
  ];
});

function isStep(path: string | undefined): boolean {
  return path !== undefined && !/old-shape|express-4/.test(path);
}

describe.skipIf(!psql.isInstalled)('the page about adopting, in an empty folder with the packed package', () => {
  let database: TestDatabase;
  let folder: Folder;
  let shell: Shell;
  let service: Service | undefined;
  let served = '';
  let port: number;

  beforeAll(async () => {
    folder = freshFolder();
    [database, port] = await Promise.all([testDatabase(), freePort()]);
    const client = new pg.Client(database.url);
    await client.connect();
    for (const { code } of blocks().filter(({ language }) => language === 'sql')) await client.query(code);
    await client.end();
    const env = { ...folder.env, DATABASE_URL: database.url, PORT: String(port) };
    folder = { ...folder, env };
    shell = openShell({ cwd: folder.path, env, scratch: folder.scratch });
  }, 120_000);
  afterAll(async () => {
    await service?.stop();
    shell.close();
    await database.drop();
    folder.remove();
  });

  it('begins with a service that a lost connection ends', async () => {
    const beginning = await serves('test/guides/adopting/before.js');
    await fetch(`http://127.0.0.1:${port}/orders/1`);
    const client = new pg.Client(database.url);
    await client.connect();
    await client.query(END_OTHERS);
    await client.end();
    expect(await beginning.ended).toBe(1);
    service = undefined;
  });

  it.each(parts)('$title', { timeout: 120_000 }, async ({ code, prints, word, file }) => {
    if (word === 'alone') {
      await service?.stop();
      service = undefined;
      writeFileSync(join(folder.path, 'server.js'), readFileSync(join(ROOT, file)));
    } else if (word !== 'install' && (service === undefined || served !== file)) {
      await serves(file);
    }
    const printed: string[] = [];
    for (const typed of code.trim().split('\n')) {
      const { status, output } = await shell.run(here(typed));
      expect(status, `${typed} printed ${output}`).toBe(0);
      printed.push(output);
    }
    await vi.waitFor(async () => {
      // The line of a request is written when its client has had the answer.
      for (const [index, typed] of code.trim().split('\n').entries()) {
        if (READS_LOG.test(typed)) printed[index] = (await shell.run(typed)).output;
      }
      expect(printed.join('')).toMatch(patternOf(prints));
    }, PATIENCE);
  });

  it('ends with a service that is told to stop and does (PRC-01)', async () => {
    const last = await serves('test/guides/adopting/ops.js');
    expect(await last.stop()).toBe(0);
    service = undefined;
  });

  async function serves(file: string): Promise<Service> {
    await service?.stop();
    writeFileSync(join(folder.path, 'server.js'), readFileSync(join(ROOT, file)));
    served = file;
    service = await startService(folder, 'server.js', port);
    return service;
  }

  /** The only change to a command before it is typed. */
  function here(command: string): string {
    const tarball = `npm install ${folder.tarball}`;
    return command.replaceAll('localhost:3000', `127.0.0.1:${port}`).replace('npm install express-runbook', tarball);
  }
});

it('the CommonJS service of the page works on Express 4, handlers that reject included', async () => {
  const port = await freePort();
  const folder = expressFourFolder(port);
  const service = await startService(folder, 'server.cjs', port);
  try {
    const found = await fetch(`http://127.0.0.1:${port}/orders/1`);
    expect([found.status, await found.json()]).toEqual([200, { id: 1, item: 'bolt', amount: 3 }]);
    expect((await fetch(`http://127.0.0.1:${port}/orders/2`)).status).toBe(404);
  } finally {
    expect(await service.stop()).toBe(0);
    folder.remove();
  }
});
