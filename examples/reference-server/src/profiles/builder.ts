import type { Profile } from './profile.js';

export const builder: Profile = {
  service: 'builder-api',
  settings: {
    PORT: 3000,
    API_PREFIX: 'api',
    DB_NAME: 'builder_api_dev',
    HEALTH_FORMAT: 'details',
    HEALTH_DETAILS: 'always',
    LOG_DIR: 'logs',
  },
};
