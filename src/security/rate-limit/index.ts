export { rateLimiter } from './rate-limiter.js';
export { RATE_LIMITER_DEFAULTS, type RateLimiterOptions } from './options.js';
