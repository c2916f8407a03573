export { createCache, type Cache, type CacheValueOptions } from './create-cache.js';
export { CACHE_DEFAULTS, type CacheOptions } from './options.js';
