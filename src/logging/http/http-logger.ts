import type { IncomingMessage } from 'node:http';
import { onCompletion, type Completion, type CompletionListener } from '../../core/completion.js';
import type { LogFields } from '../../core/logger.js';
import type { Middleware } from '../../core/middleware.js';
import { opsEndpointOf } from '../../core/ops-endpoint.js';
import { createRedactor } from '../redaction/redactor.js';
import { shortUrl } from '../redaction/short-url.js';
import type { RunbookLogger } from '../runbook-logger.js';
import { resolveHttpLoggerOptions, type HttpLoggerOptions, type HttpLoggerSettings } from './options.js';
import { requestFields } from './request-fields.js';
import { contextFor, requestLoggers } from './request-loggers.js';

const SEEN = Symbol.for('express-runbook.http-logger.v0');

/**
 * One line per request when it is over, `Request completed`, `Request aborted` (the client left: status 499) or `Request
 * errored` (the answer broke off on our side), and a warning when it was slow. The URL keeps its query string; named secrets in it are masked. Stands right after `correlationId()`. Handlers get
 * `req.log`, whose lines carry the ids of their request; TypeScript knows it where a file says `import type {} from 'pino-http'`.
 *
 * @example
 * app.use(correlationId(), httpLogger({ logger }));
 */
export function httpLogger(options: HttpLoggerOptions): Middleware {
  const settings = resolveHttpLoggerOptions(options);
  const assignLoggers = requestLoggers(settings.logger);
  const report = completionReport(settings);

  return function httpLoggerMiddleware(req, res, next) {
    const request = req as IncomingMessage & { [SEEN]?: true };
    if (request[SEEN] !== undefined) {
      // Mounted twice: one request has one line.
      next();
      return;
    }
    request[SEEN] = true;
    assignLoggers(req, res);
    onCompletion(req, res, report);
    next();
  };
}

const MESSAGES = { finished: 'Request completed', aborted: 'Request aborted', errored: 'Request errored' } as const;
const FIRST_ERROR_STATUS = 400;

function completionReport(settings: HttpLoggerSettings): CompletionListener {
  const { logger, slowThresholdMs, skipHealthChecks, enabled, sampleRate } = settings;
  const access = accessChannel(logger);
  const shown = isOwn(logger) ? unchanged : withMaskedUrl();
  const isSampled = sampleRate < 1;

  return (completion, req) => {
    if (skipHealthChecks && opsEndpointOf(req) === 'health') return;
    // The page holds its connection open for as long as somebody looks.
    const isSlow = Math.round(completion.durationMs) > slowThresholdMs && opsEndpointOf(req) !== 'console';
    const isUsual = isSampled && !isSlow && isSuccess(completion);
    const hasLine = enabled && (!isUsual || Math.random() < sampleRate);
    if (!hasLine && !isSlow) return;
    const fields = shown(requestFields(completion, contextFor(req)));
    if (isUsual) fields.sampleRate = sampleRate;
    if (hasLine) access(fields, MESSAGES[completion.outcome]);
    if (isSlow) logger.warn({ ...fields, threshold: slowThresholdMs }, 'Slow HTTP request detected');
  };
}

function isSuccess({ outcome, statusCode }: Completion): boolean {
  return outcome === 'finished' && statusCode < FIRST_ERROR_STATUS;
}

/** Our own logger has a channel for request lines that its level does not close; another writes them as info. */
function accessChannel(logger: HttpLoggerSettings['logger']): (fields: LogFields, message: string) => void {
  if (isOwn(logger)) return (fields, message) => logger.access(fields, message);
  return (fields, message) => logger.info(fields, message);
}

function isOwn(logger: HttpLoggerSettings['logger']): logger is RunbookLogger {
  return 'access' in logger && typeof logger.access === 'function';
}

function unchanged(fields: LogFields): LogFields {
  return fields;
}

/** Another logger does not know our secrets. */
function withMaskedUrl(): (fields: LogFields) => LogFields {
  const redactor = createRedactor();
  return (fields) => ({ ...fields, url: shortUrl(redactor.text(String(fields.url))) });
}
