// The public door: names only.

// core
export { ConfigError, type ConfigErrorCode } from './core/config-error.js';
export type { Completion, CompletionListener, Outcome } from './core/completion.js';
export type { ContextFields, GetContext, TraceContext } from './core/context.js';
export type { PoolPort } from './core/pool.js';
export type { RedisCommands } from './core/redis.js';
export type { Logger, LogFields } from './core/logger.js';
export type { ErrorMiddleware, Middleware } from './core/middleware.js';
export type { Authenticator, CredentialProblem, Principal } from './core/principal.js';

export * from './correlation/index.js';
export * from './metrics/index.js';
export * from './errors/index.js';
export * from './health/index.js';
export * from './server/index.js';
export * from './shutdown/index.js';
export * from './kit/index.js';
export * from './logging/index.js';
export * from './config/index.js';
export * from './security/index.js';
export * from './profiling/index.js';
export * from './storage/index.js';
export * from './backups/index.js';
export * from './console/index.js';
