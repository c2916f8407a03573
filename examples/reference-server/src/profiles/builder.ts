import type { Profile } from './profile.js';

export const builder: Profile = {
  service: 'builder-api',
  settings: {
    ALERTS_PRESET: 'builder',
    PORT: 3000,
    API_PREFIX: 'api',
    DB_NAME: 'builder_api_dev',
    HEALTH_FORMAT: 'details',
    HEALTH_DETAILS: 'always',
    BACKUP_RPO: '1h',
    BACKUP_RTO: '4h',
    BACKUP_KEEP: 'daily=7d,weekly=4w,monthly=12mo',
    LOG_DIR: 'logs',
  },
};
