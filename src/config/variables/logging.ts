import { LOG_FORMATS, LOG_LEVEL_WORDS, LOG_SCHEMAS, STALL_POLICIES } from '../config.js';
import { fraction, timeMs } from '../kinds/numbers.js';
import { boolean, fieldNames, folderOrNone, oneOf, text } from '../kinds/words.js';
import { part, whole } from './variable.js';

const flag = { group: 'Logging', kind: boolean(), default: 'true' } as const;

export const LOG_VARIABLES = {
  LOG_LEVEL: whole('log.level', {
    group: 'Logging',
    kind: oneOf(LOG_LEVEL_WORDS, '; logging cannot be switched off, fatal is the quietest'),
    default: 'info',
    defaultFor: { development: 'debug', staging: 'info', production: 'warn', test: 'error' },
    description: 'The least severe line that is written; request lines do not depend on it.',
  }),
  LOG_FORMAT: part('log.format', {
    group: 'Logging',
    kind: oneOf(LOG_FORMATS),
    default: {
      says: '`pretty` in development on a terminal, else `json`',
      of: ({ nodeEnv, isTerminal }) => (nodeEnv === 'development' && isTerminal ? 'pretty' : 'json'),
    },
    description: 'How lines look on standard output; files are always JSON.',
  }),
  LOG_PRETTY: part('log.format', {
    group: 'Logging',
    kind: boolean(),
    description: 'Pretty or JSON on standard output when LOG_FORMAT is not set.',
  }),
  LOG_INCLUDE_TIMESTAMP: whole('log.includeTimestamp', { ...flag, description: 'Whether lines have `timestamp`.' }),
  LOG_INCLUDE_HOSTNAME: whole('log.includeHostname', { ...flag, description: 'Whether lines have `hostname`.' }),
  LOG_REDACT_SENSITIVE: whole('log.redactSensitive', {
    ...flag,
    description: 'Whether passwords, tokens and the like are masked in lines.',
  }),
  SENSITIVE_FIELDS: whole('log.sensitiveFields', {
    group: 'Logging',
    kind: fieldNames(),
    default: '',
    description: 'Names of further fields that are masked in lines, in any case and spelling.',
  }),
  LOG_SKIP_HEALTH_CHECK: whole('log.skipHealthCheck', {
    ...flag,
    description: 'Whether requests to health endpoints leave no request line.',
  }),
  LOG_REQUESTS: whole('log.requests', { ...flag, description: 'Whether requests write a line, at any LOG_LEVEL.' }),
  LOG_DIR: whole('log.dir', {
    group: 'Logging',
    kind: folderOrNone(),
    description:
      'Folder of the log files; without it lines go to standard output only. The reference server has `logs`; `none` there is no folder.',
  }),
  LOG_APP_FILE: whole('log.appFile', {
    group: 'Logging',
    kind: text('file name'),
    default: 'app.log',
    description: 'Name of the file of all lines in LOG_DIR, e.g. `combined.log`.',
  }),
  LOG_AUDIT_DIR: whole('log.auditDir', {
    group: 'Logging',
    kind: text('path'),
    description: 'Folder of `audit.jsonl`, which rotation leaves alone; the folder `audit` in LOG_DIR when not set.',
  }),
  LOG_SCHEMA: whole('log.schema', {
    group: 'Logging',
    kind: oneOf(LOG_SCHEMAS),
    default: 'flat',
    description:
      'How the fields of a line are named and placed: `msg`, `context.request_id` or `message` as winston has it.',
  }),
  LOG_SAMPLE_RATE: whole('log.sampleRate', {
    group: 'Logging',
    kind: fraction(),
    default: '1',
    description: 'Part of the successful requests that leave a line; errors, aborted and slow requests always do.',
  }),
  LOG_WHEN_STALLED: whole('log.whenStalled', {
    group: 'Logging',
    kind: oneOf(STALL_POLICIES),
    default: 'drop',
    description: 'When the reader of standard output stops reading: drop and count lines, or wait for it.',
  }),
  LOG_SLOW_QUERY_THRESHOLD: whole('log.slowQueryThresholdMs', {
    group: 'Logging',
    kind: timeMs(0),
    default: '100',
    description: 'A query that takes longer writes a warning.',
  }),
  LOG_SLOW_HTTP_THRESHOLD: whole('log.slowHttpThresholdMs', {
    group: 'Logging',
    kind: timeMs(0),
    default: '1000',
    description: 'A request that takes longer writes a warning.',
  }),
};
