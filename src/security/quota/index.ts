export { requestQuota } from './request-quota.js';
export { REQUEST_QUOTA_DEFAULTS, type RequestQuotaOptions } from './options.js';
