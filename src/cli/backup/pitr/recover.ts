import { mkdir, realpath, rename, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { readBackupManifest, readBackups, type Config } from '../../../index.js';
import { CommandError, EXIT } from '../../exit-codes.js';
import type { Terminal } from '../../terminal.js';
import { visible } from '../../visible.js';
import { majorOf, verifyBase } from '../base/verify-base.js';
import { findTool, type Tool } from '../tools.js';
import { updateManifest } from '../update-manifest.js';
import { freePlace, leaveRecovery, prepareFolder } from './prepared-folder.js';
import { newPartial } from './partial-folder.js';
import { recovered, type Recovered } from './recovering-server.js';
import { giveTo, serverAccount } from './server-account.js';
import { targetText, type RecoveryTarget } from './target-time.js';
import { archivedSegments, missingSegment } from './wal-archive.js';

export interface RecoverCall {
  readonly terminal: Terminal;
  readonly config: Config;
  readonly signal: AbortSignal;
  readonly dir: string;
  readonly wal: string;
  readonly to: RecoveryTarget;
  readonly into: string;
  readonly base?: string | undefined;
  readonly isOnlyPrepared: boolean;
}

export interface RecoveryReport {
  readonly dataDir: string;
  readonly base: string;
  readonly to: string;
  /** Nothing when it was only prepared. */
  readonly recovered?: Recovered;
  readonly tookMs: number;
}

/** A data folder with the state of that moment: the newest base backup before it, and the archived WAL from there on. */
export async function recover(call: RecoverCall): Promise<RecoveryReport> {
  const startedAt = performance.now();
  const into = resolve(call.into);
  const base = await baseBefore(call);
  const missing = await missingSegment(base, await archivedSegments(call.wal));
  if (missing !== undefined) {
    throw new CommandError(visible(`the WAL archive ${call.wal} has a gap: ${missing} is missing`), EXIT.failed);
  }
  // Before hours of copying.
  const postgres = call.isOnlyPrepared ? undefined : await serverOf(base, call);
  await freePlace(into);
  const partial = await newPartial(into);
  try {
    await prepareFolder(partial, { base, wal: call.wal, to: call.to });
    await verifyBase(partial, call);
    call.signal.throwIfAborted();
    const done = postgres === undefined ? undefined : await proven(call, partial, postgres);
    await rename(partial, into);
    const tookMs = Math.round(performance.now() - startedAt);
    if (done !== undefined) await noteDrill(base, tookMs);
    return {
      dataDir: into,
      base,
      to: targetText(call.to),
      ...(done === undefined ? {} : { recovered: done }),
      tookMs,
    };
  } finally {
    // Nothing is there any more when it has its name.
    await rm(partial, { recursive: true, force: true, maxRetries: 10 });
  }
}

/** A recovery proves its base backup as a drill proves a dump. */
async function noteDrill(base: string, tookMs: number): Promise<void> {
  const [dir, file] = [dirname(base), basename(base)];
  const manifest = await readBackupManifest(dir, file);
  // One that was made by another program has none.
  if (typeof manifest === 'string') return;
  const at = new Date().toISOString();
  await updateManifest(dir, manifest, { verifiedAt: at, drill: { at, restoreMs: tookMs, totalMs: tookMs } });
}

/** The named one, or the newest that was whole before that moment. */
async function baseBefore({ base, dir, to }: RecoverCall): Promise<string> {
  if (base !== undefined) {
    return realpath(base).catch((error: unknown) => {
      throw new CommandError(visible(`--base ${base}: ${(error as Error).message}`), EXIT.failed);
    });
  }
  const found = await readBackups(dir).catch(() => []);
  const fitting = found.filter(
    ({ manifest }) =>
      manifest?.format === 'base' && (to === 'latest' || Date.parse(manifest.createdAt) <= to.getTime()),
  );
  const newest = fitting.at(-1);
  if (newest !== undefined) return join(dir, newest.file);
  const cure = 'a recovery goes forward from a base backup that was finished before; backup base makes one';
  throw new CommandError(
    visible(`there is no base backup in ${dir} from before ${targetText(to)}: ${cure}`),
    EXIT.failed,
  );
}

/** Exactly of the version that wrote the data. */
async function serverOf(base: string, { terminal }: RecoverCall): Promise<Tool> {
  const major = await majorOf(base);
  const tool = await findTool('postgres', { env: terminal.env, atLeastMajor: major });
  if (tool.major === major) return tool;
  const cure = `install postgresql-${major}, or say --prepare-only and start it elsewhere`;
  throw new CommandError(
    visible(`the data are of PostgreSQL ${major}, and ${tool.path} is ${tool.version}: ${cure}`),
    EXIT.failed,
  );
}

/** Has the server do the recovery, and what is left is a folder that can be started at any time. */
async function proven(call: RecoverCall, folder: string, postgres: Tool): Promise<Recovered> {
  const account = await serverAccount();
  const side = `${folder}.hba`;
  try {
    await mkdir(side, { mode: 0o755 });
    // md5 also takes passwords that are kept as scram-sha-256 (https://www.postgresql.org/docs/current/auth-password.html).
    const hbaFile = join(side, 'pg_hba.conf');
    await writeFile(hbaFile, 'host all all 127.0.0.1/32 md5\n', { mode: 0o644 });
    await giveTo(account, folder);
    const { signal, config } = call;
    const done = await recovered({ folder, postgres, account, signal, database: config.database, hbaFile });
    await leaveRecovery(folder);
    return done;
  } finally {
    await rm(side, { recursive: true, force: true });
  }
}
