import type { Config } from '../config/index.js';
import { getContext } from '../correlation/index.js';
import type { LoggerOptions } from '../logging/index.js';

/**
 * What the environment says of a service's log lines, as options of `createLogger`: for a service that makes its logger
 * itself. `createOps` makes one of the same settings.
 *
 * @example
 * const config = loadConfig();
 * const logger = createLogger({ ...loggerOptions(config), service: 'orders' });
 * const ops = createOps({ service: 'orders', config, logger });
 */
export function loggerOptions({ log, nodeEnv }: Config): LoggerOptions {
  return {
    environment: nodeEnv,
    level: log.level,
    format: log.format,
    schema: log.schema,
    dir: log.dir,
    appFile: log.appFile,
    auditDir: log.auditDir,
    whenStalled: log.whenStalled,
    includeTimestamp: log.includeTimestamp,
    includeHostname: log.includeHostname,
    redact: log.redactSensitive,
    sensitiveFields: log.sensitiveFields,
    context: getContext,
  };
}
