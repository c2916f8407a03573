export { createCache, type Cache, type CacheValueOptions } from './create-cache.js';
export { clearRedis, type ClearedFromRedis, type ClearRedisOptions } from './clear-redis.js';
export { CacheLoadTimeoutError, type Load } from './load.js';
export { CACHE_DEFAULTS, type CacheOptions } from './options.js';
export { observeRedis, type ObserveRedisOptions, OBSERVE_REDIS_DEFAULTS } from './observe-redis.js';
export type { RedisCommands } from '../core/redis.js';
