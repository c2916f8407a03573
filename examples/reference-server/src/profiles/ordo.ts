import type { Profile } from './profile.js';

export const ordo: Profile = {
  service: 'ordo-backend',
  settings: {
    ALERTS_PRESET: 'ordo',
    PORT: 3101,
    API_PREFIX: 'api/v1',
    DB_NAME: 'ordo_todo',
    DB_POOL_SIZE: 20,
    DB_POOL_MIN: 5,
    HEALTH_FORMAT: 'checks',
    HEALTH_CHECK_WORDS: 'up,degraded,down',
    HEALTH_DETAILS: 'always',
    HEALTH_DISK_THRESHOLD: 80,
    BACKUP_DIR: 'backups',
    LOG_DIR: 'logs',
  },
};
