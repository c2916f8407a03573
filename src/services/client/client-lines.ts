import { contextFields } from '../../core/context.js';
import type { LogFields } from '../../core/logger.js';
import type { CircuitState } from '../guard/circuit-breaker.js';
import type { ServiceError } from '../service-error.js';
import type { ServiceClientSettings } from './options.js';
import type { PreparedCall } from './prepared-call.js';

/** What a client says of its calls. Neither headers nor query nor bodies are part of it. */
export interface ClientLines {
  answered(call: PreparedCall, durationMs: number): void;
  failed(call: PreparedCall, error: ServiceError, durationMs: number): void;
  retried(call: PreparedCall, error: ServiceError, attempt: number, delayMs: number): void;
  fellBack(call: PreparedCall, error: ServiceError): void;
  circuit(state: CircuitState): void;
}

export function clientLines({ name: service, logger, context }: ServiceClientSettings): ClientLines {
  const about = ({ method, url, operation }: PreparedCall): LogFields => ({
    service,
    operation,
    method,
    path: url.pathname,
    ...contextFields(context?.()),
  });
  return {
    answered(call, durationMs) {
      logger.debug({ ...about(call), duration: Math.round(durationMs) }, 'External call answered');
    },
    failed(call, error, durationMs) {
      const fields = { ...about(call), ...facts(error), duration: Math.round(durationMs) };
      // An open circuit says so once; each call that it refuses has its own line of the request.
      logger[error.code === 'ERR_SERVICE_OPEN' ? 'debug' : 'warn'](fields, 'External call failed');
    },
    retried(call, error, attempt, delayMs) {
      const fields = { ...about(call), ...facts(error), attempt, delayMs: Math.round(delayMs) };
      logger.debug(fields, 'External call is tried again');
    },
    fellBack(call, { code }) {
      logger.warn({ ...about(call), code }, 'External call goes to the fallback');
    },
    circuit(state) {
      if (state === 'closed') logger.info({ service, state }, 'External service is back, its circuit is closed');
      else if (state === 'open') logger.warn({ service, state }, 'External service fails, its circuit is open');
      else logger.debug({ service, state }, 'External service is tried again');
    },
  };
}

function facts({ code, upstreamStatus, attempts, message, cause, expose }: ServiceError): LogFields {
  // Behind a constant text the cause has the detail.
  const detail = expose && cause instanceof Error ? cause.message : message;
  return { code, error: detail, ...(upstreamStatus === undefined ? {} : { upstreamStatus }), attempts };
}
