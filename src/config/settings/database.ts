import type { Config } from '../config.js';
import type { ValuesRead } from '../reading/read-values.js';
import { RANK } from '../reading/sources.js';
import { connectionOf, urlOf, type Connection } from './connection.js';

type DatabaseSettings = Config['database'];

/** Parts of the connection, each with its variable. */
const PARTS = {
  host: 'DB_HOST',
  port: 'DB_PORT',
  name: 'DB_NAME',
  user: 'DB_USER',
  password: 'DB_PASSWORD',
} as const satisfies Record<keyof Connection, keyof ValuesRead['said']>;

// Object.entries of a literal: its keys and values are the literal's.
const PART_ENTRIES = Object.entries(PARTS) as [keyof Connection, (typeof PARTS)[keyof Connection]][];

/** Parameters that Prisma reads and psql refuses (`invalid URI query parameter`). */
const FOREIGN_PARAMETERS = ['schema', 'connection_limit', 'pool_timeout', 'pgbouncer', 'socket_timeout'];

/**
 * One connection out of `DATABASE_URL` and the `DB_*` parts. The URL wins, except against a part from a more insistent
 * source: a caller's option is not undone by the environment, nor the environment by a profile. A password that it does not say is
 * that of `DB_PASSWORD`, unless other parts say that this belongs to another user or server.
 */
export function databaseSettings(
  fromParts: Omit<DatabaseSettings, 'url' | 'isConfigured'>,
  { said, values }: ValuesRead,
): { settings: DatabaseSettings; warnings: string[] } {
  const isConfigured = (['DATABASE_URL', ...Object.values(PARTS)] as const).some(
    (name) => said[name] !== undefined && said[name].source.rank <= RANK.environment,
  );
  const given = values.DATABASE_URL;
  if (given === undefined) {
    return { settings: { ...fromParts, isConfigured, url: urlOf(fromParts) }, warnings: [] };
  }
  const urlRank = said.DATABASE_URL?.source.rank ?? RANK.profile;
  const rankOf = (part: keyof Connection): number => said[PARTS[part]]?.source.rank ?? Infinity;
  const { url, warnings } = withoutForeignParameters(given);
  const inUrl = connectionOf(url);
  const stronger = PART_ENTRIES.filter(([part]) => rankOf(part) < urlRank);
  const other = PART_ENTRIES.filter(([part]) => rankOf(part) === urlRank && fromParts[part] !== inUrl[part]);
  const isOfAnother = other.some(([part]) => part === 'host' || part === 'port' || part === 'user');
  const added = inUrl.password === '' && !isOfAnother ? other.filter(([part]) => part === 'password') : [];
  const taken = [...stronger, ...added].map(([part]) => [part, fromParts[part]] as const);
  const connection = { ...inUrl, ...Object.fromEntries(taken) };
  const ignored = other.filter((entry) => !added.includes(entry));
  if (ignored.length > 0) {
    const names = ignored.map(([, name]) => name).join(', ');
    warnings.push(`DATABASE_URL and ${names} disagree: DATABASE_URL is used`);
  }
  const isUntouched = stronger.every(([part]) => fromParts[part] === inUrl[part]);
  const whole = added.length === 0 ? url : withPassword(url, fromParts.password);
  const settings = {
    ...fromParts,
    ...connection,
    ssl: sslIn(url) ?? fromParts.ssl,
    isConfigured,
    url: isUntouched ? whole : urlOf(connection) + sslQuery(url),
  };
  return { settings, warnings };
}

/** A URL without a host, which leads to a socket, has no place for it but its query. */
function withPassword(given: string, password: string): string {
  const url = new URL(given);
  if (url.hostname === '') url.searchParams.set('password', password);
  else url.password = encodeURIComponent(password);
  return url.href;
}

function withoutForeignParameters(given: string): { url: string; warnings: string[] } {
  const url = new URL(given);
  const foreign = FOREIGN_PARAMETERS.filter((name) => url.searchParams.has(name));
  if (foreign.length === 0) return { url: given, warnings: [] };
  for (const name of foreign) url.searchParams.delete(name);
  const names = foreign.map((name) => `?${name}=`).join(', ');
  const hint = foreign.includes('schema') ? '; for another schema set search_path on the role or database' : '';
  return { url: url.href, warnings: [`DATABASE_URL holds ${names}, which psql refuses: left out${hint}`] };
}

/** What the URL says of encryption, in the words of libpq (https://www.postgresql.org/docs/current/libpq-ssl.html). */
function sslIn(url: string): boolean | undefined {
  const parameters = new URL(url).searchParams;
  const mode = parameters.get('sslmode') ?? parameters.get('ssl');
  return mode === null ? undefined : !['disable', 'allow', 'prefer', 'false', '0'].includes(mode);
}

/** A composed URL keeps what the given one said of encryption; a `host` in its query would undo the part that won. */
function sslQuery(url: string): string {
  const kept = [...new URL(url).searchParams].filter(([name]) => name.startsWith('ssl'));
  return kept.length === 0 ? '' : `?${new URLSearchParams(kept).toString()}`;
}
