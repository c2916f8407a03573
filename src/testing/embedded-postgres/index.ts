export { startEmbeddedPostgres, type EmbeddedPostgres } from './start-embedded-postgres.js';
export { EmbeddedPostgresError, type EmbeddedPostgresErrorCode } from './embedded-postgres-error.js';
export { EMBEDDED_POSTGRES_DEFAULTS, type EmbeddedPostgresOptions } from './options.js';
export type { EmbeddedPostgresExit } from './server/server.js';
export type { EmbeddedPostgresStopMode } from './server/stop-server.js';
