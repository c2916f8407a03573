import { POOLERS, QUERY_TAGS } from '../config.js';
import { host } from '../kinds/addresses.js';
import { databaseName, databaseUrl } from '../kinds/database-url.js';
import { port, timeMs, wholeNumber } from '../kinds/numbers.js';
import { boolean, oneOf, text } from '../kinds/words.js';
import { part, whole } from './variable.js';

const group = 'Database';

/** How to reach the server. */
const CONNECTION = {
  DATABASE_URL: part('database.url', {
    group,
    kind: databaseUrl(),
    secret: 'password',
    description:
      'The database as one URL, the same that psql takes; wins over the DB_* parts, with a warning when they disagree. Without a password it has that of DB_PASSWORD.',
  }),
  DB_HOST: whole('database.host', {
    group,
    kind: host('or socket path'),
    default: 'localhost',
    isShownSet: true,
    description: 'Host of the database server.',
  }),
  DB_PORT: whole('database.port', {
    group,
    kind: port(1),
    default: '5432',
    isShownSet: true,
    description: 'Port of the database server.',
  }),
  DB_NAME: whole('database.name', {
    group,
    kind: databaseName(),
    default: 'builder_api_dev',
    isShownSet: true,
    description: 'Name of the database.',
  }),
  DB_USER: whole('database.user', {
    group,
    kind: text('name'),
    default: 'postgres',
    isShownSet: true,
    description: 'User to connect as.',
  }),
  DB_PASSWORD: whole('database.password', {
    group,
    kind: text('secret'),
    default: 'postgres',
    secret: 'all',
    isShownSet: true,
    description: 'Password of that user.',
  }),
  DB_SSL: whole('database.ssl', {
    group,
    kind: boolean(),
    default: 'false',
    isShownSet: true,
    description: 'Whether connections are encrypted.',
  }),
};

export const DATABASE_VARIABLES = {
  ...CONNECTION,
  DB_SYNCHRONIZE: whole('database.synchronize', {
    group,
    kind: boolean(),
    default: 'false',
    isShownSet: true,
    description:
      'For libraries that change the schema at start; must stay false in production, where migrations do it.',
  }),
  DB_LOGGING: whole('database.logging', {
    group,
    kind: boolean(),
    default: 'true',
    isShownSet: true,
    description: 'Whether every query writes a debug line; LOG_LEVEL decides whether it is seen.',
  }),
  DB_POOL_SIZE: whole('database.poolMax', {
    group,
    kind: wholeNumber(1, 10_000),
    default: '10',
    defaultFor: { production: '20' },
    aliases: ['DB_POOL_MAX'],
    description: 'Most connections that the pool opens.',
  }),
  DB_POOL_MIN: whole('database.poolMin', {
    group,
    kind: wholeNumber(0, 10_000),
    default: '0',
    description: 'Connections that the pool opens at start and keeps when idle.',
  }),
  DB_POOL_IDLE_TIMEOUT: whole('database.idleTimeoutMs', {
    group,
    kind: timeMs(0),
    default: '10000',
    defaultFor: { production: '30000' },
    description: 'How long an idle connection stays open; 0 keeps it.',
  }),
  DB_CONNECTION_TIMEOUT: whole('database.connectionTimeoutMs', {
    group,
    kind: timeMs(1),
    default: '2000',
    defaultFor: { production: '5000' },
    description: 'How long to wait for a connection before the query fails.',
  }),
  DB_STATEMENT_TIMEOUT: whole('database.statementTimeoutMs', {
    group,
    kind: timeMs(0),
    default: '30000',
    defaultFor: { production: '60000' },
    description: 'How long the server lets one statement run; 0 is without end.',
  }),
  DB_POOLER: whole('database.pooler', {
    group,
    kind: oneOf(POOLERS),
    default: 'none',
    description: 'The pool_mode of the PgBouncer before the server; decides how time limits are set.',
  }),
  DB_TAG_QUERIES: whole('database.tagQueries', {
    group,
    kind: oneOf(QUERY_TAGS),
    default: 'none',
    description: 'How the server learns which request a query is for.',
  }),
  DB_LEAK_THRESHOLD_MS: whole('database.leakThresholdMs', {
    group,
    kind: timeMs(0),
    default: '0',
    description: 'How long a connection may be held before the log says by whom; 0 is off.',
  }),
};
