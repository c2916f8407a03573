export { createApiKeys, type ApiKeys, type NewApiKey } from './api-keys.js';
export { API_KEYS_DEFAULTS, type ApiKeysOptions } from './options.js';
export type { ApiKeyRecord, ApiKeyStore } from './api-key-store.js';
