export { securityHeaders } from './security-headers.js';
export { SECURITY_HEADERS_DEFAULTS, type SecurityHeadersOptions } from './options.js';
