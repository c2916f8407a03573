import { copyFile, mkdtemp, readdir, readFile, rename, rm, truncate } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ask, expectSame, linesOf, samplesIn, startServer, sum, until } from '../processes.mjs';
import { withServer } from './endings.mjs';
import { memoryOf } from './rig.mjs';
import { seconds, watch } from './watch.mjs';

/** `count` requests, 50 at a time; how many were answered with 200. */
async function burst(url, count, prefix = 'burst') {
  let fine = 0;
  for (let at = 0; at < count; at += 50) {
    const ids = Array.from({ length: 50 }, (_, n) => `${prefix}-${at + n}`);
    const answers = ids.map((id) => ask(`${url}/dev/items/7`, { headers: { 'X-Request-Id': id } }));
    fine += (await Promise.all(answers)).filter(({ status }) => status === 200).length;
  }
  return fine;
}

async function dropped(url) {
  const { text } = await ask(`${url}/metrics`);
  return sum(samplesIn(text, 'log_lines_dropped_total'));
}

export const LOG_FAULTS = [
  {
    id: 'F22',
    about: 'the whole process stopped for 5 s',
    run: () =>
      withServer({}, async (server) => {
        const closing = [];
        const eyes = await watch({ server, onClose: (close) => closing.push(close) }, { asksDatabase: false });
        server.child.kill('SIGSTOP');
        await sleep(5000);
        server.child.kill('SIGCONT');
        const isBack = async () => (await ask(`${server.url}/health/live`, { timeoutMs: 1000 })).status === 200;
        const took = await until('it answers again', isBack);
        await sleep(500);
        const said = await eyes.verdict({ livePauses: true });
        for (const close of closing) close();
        return `answers again ${seconds(took)} after it goes on; ${said}`;
      }),
  },
  {
    id: 'F23',
    about: 'disk of the log full, then free again',
    skipped: () => (process.getuid() === 0 ? undefined : 'needs root, to mount a small disk in a namespace of its own'),
    run: async () => {
      const disk = await mkdtemp(join(tmpdir(), 'campaign-disk-'));
      const mount = 'mount -t tmpfs -o size=8m tmpfs "$0" && head -c 8000000 /dev/zero > "$0/filler" && exec "$@"';
      const command = ['unshare', '-m', 'sh', '-c', mount, disk, process.execPath];
      const server = await startServer({ command, env: { LOG_DIR: disk } });
      try {
        // The disk is only there for the server: it is seen by way of it.
        const seen = join('/proc', String(server.child.pid), 'root', disk);
        // As many as it takes until the lines that wait for space are more than may wait.
        expectSame('answered while the disk is full', await burst(server.url, 6000, 'full'), 6000);
        const lost = await dropped(server.url);
        if (lost === 0) throw new Error('no line was counted as dropped');
        await rm(join(seen, 'filler'));
        await sleep(1000);
        expectSame('answered afterwards', await burst(server.url, 50, 'free'), 50);
        await sleep(1000);
        const text = await readFile(join(seen, 'access.log'), 'utf8');
        const lines = text.slice(0, text.lastIndexOf('\n')).split('\n');
        const free = lines.slice(-50).map((line) => JSON.parse(line).requestId);
        const late = free.filter((id) => id?.startsWith('free-')).length;
        if (late === 0) throw new Error('no line was written after there was space again');
        expectSame('exit code', await server.stop(), 0);
        return `6050 answered, ${lost} lines dropped and counted, ${late} of 50 lines written once there was space`;
      } finally {
        await server.remove();
        await rm(disk, { recursive: true, force: true });
      }
    },
  },
  {
    id: 'F24',
    about: 'reader of standard output stalled',
    run: () =>
      withServer({ stdout: 'pipe' }, async (server) => {
        const before = await memoryOf(server.child.pid);
        // Nobody has read a line so far, and nobody does.
        expectSame('answered', await burst(server.url, 6000), 6000);
        const lost = await dropped(server.url);
        const grown = (await memoryOf(server.child.pid)) - before;
        if (lost === 0) throw new Error('no line was counted as dropped');
        if (grown > 150) throw new Error(`memory grew by ${grown.toFixed(0)} MB`);
        server.child.stdout.resume();
        expectSame('exit code', await server.stop(), 0);
        return `6000 answered, ${lost} lines dropped and counted, RSS +${grown.toFixed(0)} MB, exit code 0`;
      }),
  },
  {
    id: 'F25',
    about: 'reader of standard output gone',
    run: () =>
      withServer({ stdout: 'pipe' }, async (server) => {
        server.child.stdout.destroy();
        expectSame('answered', await burst(server.url, 200), 200);
        expectSame('exit code', await server.stop(), 0);
        return '200 answered, exit code 0';
      }),
  },
  ...['rename and SIGHUP', 'copy and truncate'].map((how) => ({
    id: 'F26',
    about: `log rotation under load: ${how}`,
    run: () =>
      withServer({}, async (server) => {
        const file = join(server.logDir, 'access.log');
        const requests = burst(server.url, 3000, 'rotate');
        for (let turn = 0; turn < 5; turn++) {
          await sleep(250);
          if (how === 'rename and SIGHUP') {
            await rename(file, `${file}.${turn}`);
            server.child.kill('SIGHUP');
          } else {
            await copyFile(file, `${file}.${turn}`);
            await truncate(file);
          }
        }
        const answered = await requests;
        expectSame('exit code', await server.stop(), 0);
        const files = (await readdir(server.logDir)).filter((name) => name.startsWith('access.log'));
        // A torn line throws.
        const lines = (await Promise.all(files.map((name) => linesOf(join(server.logDir, name))))).flat();
        const found = new Set(lines.map(({ requestId }) => requestId));
        found.delete(undefined);
        const lost = answered - found.size;
        if (how === 'rename and SIGHUP' && lost !== 0) throw new Error(`${lost} of ${answered} lines lost`);
        return `${answered} answered, ${lost} lines lost over 5 rotations, none torn`;
      }),
  })),
];
