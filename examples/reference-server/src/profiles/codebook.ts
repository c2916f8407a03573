import type { Profile } from './profile.js';

export const codebook: Profile = {
  service: 'codebook-backend',
  settings: {
    ALERTS_PRESET: 'codebook',
    PORT: 8000,
    API_PREFIX: '/',
    DB_NAME: 'codebook',
    // Where `npm run stand-ins` listens: its health is not complete without the two services that it calls.
    LLM_API_URL: 'http://127.0.0.1:8001',
    PINECONE_INDEX_URL: 'http://127.0.0.1:8002',
    HEALTH_FORMAT: 'words',
    HEALTH_DETAILS: 'always',
    HEALTH_DEGRADED_STATUS_CODE: 503,
    // Its runbook takes it out of traffic for anything that is not healthy, and a busy minute of the machine is no such thing.
    HEALTH_PROCESS_CHECKS: 'none',
    BACKUP_RPO: '24h',
    BACKUP_RTO: '4h',
    BACKUP_KEEP: 'daily=30d,weekly=90d',
    LOG_DIR: 'logs',
    LOG_SCHEMA: 'nested',
    // Its runbook asks by client, of which there are few.
    METRICS_MAX_CLIENTS: 100,
  },
};
