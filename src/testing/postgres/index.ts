export { createTestPostgres, type TestDatabase, type TestPostgres } from './create-test-postgres.js';
export type { TestPostgresOptions } from './options.js';
