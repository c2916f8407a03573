export { correlationId } from './correlation-id.js';
export { getContext, extendContext, runWithContext, bindContext } from './context.js';
export { outgoingHeaders } from './outgoing-headers.js';
export { CORRELATION_DEFAULTS, type CorrelationOptions } from './options.js';
