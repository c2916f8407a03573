export { httpLogger } from './http-logger.js';
export { HTTP_LOGGER_DEFAULTS, type HttpLoggerOptions } from './options.js';
