import { HEALTH_DETAILS, HEALTH_FORMATS, MEMORY_SHARES, PROCESS_CHECKS, TIMESTAMP_PRECISIONS } from '../config.js';
import { oneNumberOf, percent, timeMs } from '../kinds/numbers.js';
import { oneOf, someOf, threeWords } from '../kinds/words.js';
import { whole } from './variable.js';

export const HEALTH_VARIABLES = {
  HEALTH_FORMAT: whole('health.format', {
    group: 'Health',
    kind: oneOf(HEALTH_FORMATS),
    default: 'details',
    description: 'Shape of the body that /health answers with.',
  }),
  HEALTH_DETAILS: whole('health.details', {
    group: 'Health',
    kind: oneOf(HEALTH_DETAILS),
    default: 'authorised',
    description: 'Who sees more than status and names of checks: callers that the service authorises, all, or nobody.',
  }),
  HEALTH_STATUS_WORDS: whole('health.statusWords', {
    group: 'Health',
    kind: threeWords('ok,degraded,error'),
    description: 'Words for the whole; those of HEALTH_FORMAT when not set.',
  }),
  HEALTH_CHECK_WORDS: whole('health.checkWords', {
    group: 'Health',
    kind: threeWords('up,degraded,down'),
    description: 'Words for one check; those of HEALTH_FORMAT when not set.',
  }),
  HEALTH_TIMESTAMP_PRECISION: whole('health.timestampPrecision', {
    group: 'Health',
    kind: oneOf(TIMESTAMP_PRECISIONS),
    description: 'Timestamps with or without milliseconds; as HEALTH_FORMAT has them when not set.',
  }),
  HEALTH_DEGRADED_STATUS_CODE: whole('health.degradedStatusCode', {
    group: 'Health',
    kind: oneNumberOf(200, 503),
    default: '200',
    description: 'What /health answers when something that is not critical is down, or anything is slow.',
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
  HEALTH_PROCESS_CHECKS: whole('health.processChecks', {
    group: 'Health',
    kind: someOf(PROCESS_CHECKS),
    default: PROCESS_CHECKS.join(','),
    description: 'Checks of the process and its machine; they only ever degrade the whole.',
  }),
  HEALTH_MEMORY_THRESHOLD: whole('health.memoryThresholdPercent', {
    group: 'Health',
    kind: percent(),
    default: '80%',
    description: 'Memory use above it is degraded.',
  }),
  HEALTH_MEMORY_PERCENTAGE_OF: whole('health.memoryPercentageOf', {
    group: 'Health',
    kind: oneOf(MEMORY_SHARES),
    default: 'limit',
    description:
      'What `percentage` of the memory check shows: the share of the nearest limit, which counts, or of `heapTotal`.',
  }),
  HEALTH_CPU_THRESHOLD: whole('health.cpuThresholdPercent', {
    group: 'Health',
    kind: percent(),
    default: '70%',
    description: 'CPU use above it is degraded, once it has lasted 30 seconds.',
  }),
  HEALTH_DISK_THRESHOLD: whole('health.diskThresholdPercent', {
    group: 'Health',
    kind: percent(),
    default: '85%',
    description: 'Disk use above it is degraded.',
  }),
  HEALTH_DB_RESPONSE_TIME_THRESHOLD: whole('health.databaseThresholdMs', {
    group: 'Health',
    kind: timeMs(1),
    default: '500ms',
    description: 'A database that answers slower is degraded.',
  }),
};
