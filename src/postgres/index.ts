export { createPool } from './pool/create-pool.js';
export { observePool, type NamedQuery, type ObservedPool, type QueryEvent, type Timed } from './pool/observe-pool.js';
export { POOL_DEFAULTS, type PoolOptions } from './pool/options.js';
export { OBSERVE_DEFAULTS, type ObserveOptions } from './pool/observe-options.js';
export { CLOSE_DEFAULTS, type CloseOptions } from './pool/close.js';
export type { Pooler } from './pool/pooler.js';
export { PoolError, type PoolErrorCode } from './pool/pool-error.js';
export { advisePoolSize, ADVICE_DEFAULTS, type AdviceOptions, type PoolAdvice } from './pool/pool-advice.js';
export { poolSize, poolSizeBand, type ApplicationSize } from './pool/pool-size.js';
export { waitForDatabase, WAIT_DEFAULTS, type WaitOptions } from './pool/wait-for-database.js';
export { withTransaction } from './transactions/with-transaction.js';
export {
  TRANSACTION_DEFAULTS,
  type IsolationLevel,
  type TransactionLimits,
  type TransactionOptions,
} from './transactions/options.js';
export { findPage, type Page } from './pagination/find-page.js';
export { PAGE_DEFAULTS, type OrderColumn, type PageOptions } from './pagination/options.js';
export { PageError, type PageErrorCode } from './pagination/page-error.js';
export { createMigrator, type Migrator } from './migrations/migrator.js';
export { MIGRATOR_DEFAULTS, type MigratorOptions } from './migrations/options.js';
export { MigrationError, type MigrationErrorCode } from './migrations/migration-error.js';
export type { MigrationModule } from './migrations/module-work.js';
export type { MigrationStatus } from './migrations/migration-state.js';
