import { HEALTH_FORMATS, LOG_FORMATS, LOG_LEVEL_WORDS } from '../config.js';
import { percent, timeMs } from '../kinds/numbers.js';
import { boolean, oneOf, text } from '../kinds/words.js';
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
  LOG_SKIP_HEALTH_CHECK: whole('log.skipHealthCheck', {
    ...flag,
    description: 'Whether requests to health endpoints leave no request line.',
  }),
  LOG_REQUESTS: whole('log.requests', { ...flag, description: 'Whether requests write a line, at any LOG_LEVEL.' }),
  LOG_DIR: whole('log.dir', {
    group: 'Logging',
    kind: text('path'),
    description:
      'Folder of the log files; without it lines go to standard output only. The reference server has `logs`.',
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

export const HEALTH_VARIABLES = {
  HEALTH_FORMAT: whole('health.format', {
    group: 'Health',
    kind: oneOf(HEALTH_FORMATS),
    default: 'details',
    description: 'Shape of the body that /health answers with.',
  }),
  HEALTH_CHECK_TIMEOUT: whole('health.timeoutMs', {
    group: 'Health',
    kind: timeMs(1),
    default: '1000ms',
    description: 'How long one check may take before it counts as down.',
  }),
  HEALTH_CHECK_CACHE_TTL: whole('health.cacheTtlMs', {
    group: 'Health',
    kind: timeMs(0),
    default: '5000ms',
    description: 'How long a result is answered again without asking anew.',
  }),
  HEALTH_MEMORY_THRESHOLD: whole('health.memoryThresholdPercent', {
    group: 'Health',
    kind: percent(),
    default: '80%',
    description: 'Memory use above it is degraded.',
  }),
  HEALTH_CPU_THRESHOLD: whole('health.cpuThresholdPercent', {
    group: 'Health',
    kind: percent(),
    default: '70%',
    description: 'CPU use above it is degraded, once it has lasted 30 seconds.',
  }),
  HEALTH_DB_RESPONSE_TIME_THRESHOLD: whole('health.databaseThresholdMs', {
    group: 'Health',
    kind: timeMs(1),
    default: '500ms',
    description: 'A database that answers slower is degraded.',
  }),
};
