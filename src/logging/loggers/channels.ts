import { pino } from 'pino';
import type { LogFields } from '../../core/logger.js';
import { boundOf, withBound } from './bound-logger.js';
import { accessStream, auditStream, type Sinks } from '../destinations/routes.js';
import { accessRecords } from '../line/access-record.js';
import { HTTP_LEVEL } from '../line/levels.js';
import { LINE_SCHEMAS } from '../line/line-schemas.js';
import { NOTHING_BOUND } from '../line/record.js';
import { lineLogger } from './line-logger.js';
import type { LoggerSettings } from '../options.js';
import type { Rules } from '../redaction/rules.js';
import type { LogCallOrders } from '../runbook-logger.js';

const INFO_LEVEL = pino.levels.values.info ?? 30;

/** Request lines. A logger of its own, so that the level of the main one has no say about them. */
export function accessChannel(
  settings: LoggerSettings,
  sinks: Sinks,
  rules: Rules,
): (fields: LogFields, message: string) => void {
  const { requestLevel, hasSeverity } = LINE_SCHEMAS[settings.schema];
  const stream = accessStream(sinks, requestLevel === 'http' ? HTTP_LEVEL : INFO_LEVEL);
  const logger = lineLogger(settings, stream, {
    level: settings.level === 'silent' ? 'silent' : requestLevel,
    rules,
    context: undefined,
    shortcut: accessRecords(rules, hasSeverity ? requestLevel.toUpperCase() : undefined),
  });
  return requestLevel === 'http'
    ? (fields, message) => logger.http(fields, message)
    : (fields, message) => logger.info(fields, message);
}

/** Audit lines. Never silent: who changed what is asked for when it is too late to switch it on. */
export function auditChannel(settings: LoggerSettings, sinks: Sinks, rules: Rules): LogCallOrders {
  const stream = auditStream(sinks, INFO_LEVEL);
  const { context } = settings;
  const logger = lineLogger(settings, stream, { level: 'info', channel: 'audit', rules, context });
  return function audit(this: object | undefined, ...args: unknown[]) {
    const bound = this === undefined ? NOTHING_BOUND : boundOf(this);
    // The hook takes both call orders, which pino's types do not know.
    const lines = withBound(logger, bound) as unknown as { info(...said: unknown[]): void };
    lines.info(...args);
  };
}
