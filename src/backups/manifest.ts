import { createHash } from 'node:crypto';

/** What a backup's content is, whatever its name says: of pg_dump, but `base`, a copy of a whole server. */
export type BackupFormat = 'custom' | 'tar' | 'plain' | 'gzip' | 'base';

/** What was in the database at the moment of the dump, to be compared with what a restore of it gives. */
export interface BackupContents {
  /** Rows of each table. */
  readonly tables: Readonly<Record<string, number>>;
  /** A digest of the definition of each object: tables, views, indexes, constraints, functions … */
  readonly schema: Readonly<Record<string, string>>;
}

/** What is known of a backup; it lies beside it as `<file>.manifest.json`. Times are ISO 8601. */
export interface BackupManifest {
  readonly version: 1;
  /** Name of the file, or of the folder of a base backup. */
  readonly file: string;
  readonly format: BackupFormat;
  readonly database: string;
  readonly serverVersion: string;
  readonly startedAt: string;
  /** When it was whole, on disk and read back. */
  readonly createdAt: string;
  readonly sizeBytes: number;
  /** Of the file; for a base backup that of its `backup_manifest`. */
  readonly sha256: string;
  readonly contents?: BackupContents;
  /** When a restore of it last had the same contents. */
  readonly verifiedAt?: string;
  readonly drill?: BackupDrill;
  /** Copies elsewhere. */
  readonly uploads?: readonly { readonly url: string; readonly at: string }[];
}

/** The last time that a restore of this backup was rehearsed. */
export interface BackupDrill {
  readonly at: string;
  readonly restoreMs: number;
  readonly totalMs: number;
}

const VERSION = 1;
export const MANIFEST_SUFFIX = '.manifest.json';

/** The text of a manifest, with a checksum of itself: a changed byte shows. */
export function manifestText(manifest: BackupManifest): string {
  return `${JSON.stringify({ ...manifest, manifestSha256: digestOf(manifest) }, undefined, 2)}\n`;
}

/** The manifest that a text holds, or what is wrong with it. */
export function parseBackupManifest(text: string): BackupManifest | string {
  try {
    const { manifestSha256, ...rest } = JSON.parse(text) as { manifestSha256?: unknown; version?: unknown };
    if (rest.version !== VERSION) return 'the manifest is of another version';
    // Its own checksum vouches for the rest.
    const manifest = rest as BackupManifest;
    return manifestSha256 === digestOf(manifest) ? manifest : 'the manifest was changed: its checksum is wrong';
  } catch {
    return 'the manifest is not whole';
  }
}

function digestOf(manifest: BackupManifest): string {
  return createHash('sha256').update(JSON.stringify(manifest)).digest('hex');
}
