import type { Profile } from './profile.js';

export const booky: Profile = {
  service: 'booky-backend',
  settings: {
    ALERTS_PRESET: 'booky',
    PORT: 3001,
    API_PREFIX: 'api',
    DB_NAME: 'booky',
    HEALTH_FORMAT: 'flat',
    HEALTH_DETAILS: 'always',
    BACKUP_DIR: '/backups',
    LOG_DIR: 'logs',
  },
};
