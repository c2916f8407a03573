import type { Profile } from './profile.js';

export const beo: Profile = {
  service: 'beo-automation',
  settings: {
    ALERTS_PRESET: 'beo',
    PORT: 3000,
    API_PREFIX: 'api',
    DB_NAME: 'beo_automation',
    DB_POOL_SIZE: 20,
    DB_POOL_IDLE_TIMEOUT: 30_000,
    DB_CONNECTION_TIMEOUT: 2000,
    HEALTH_FORMAT: 'checks',
    HEALTH_DETAILS: 'always',
    HEALTH_DEGRADED_STATUS_CODE: 503,
    // The three of its runbook: with 503 for every warning, others would take it out of traffic too.
    HEALTH_PROCESS_CHECKS: ['memory', 'diskSpace'],
    HEALTH_MEMORY_PERCENTAGE_OF: 'heapTotal',
    BACKUP_KEEP: 'all=30d',
    LOG_DIR: 'logs',
    LOG_APP_FILE: 'combined.log',
    LOG_SCHEMA: 'winston',
  },
};
