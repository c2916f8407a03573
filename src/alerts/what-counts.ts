/** What measures leave out, as whole values of labels: for PromQL and for what is read in the process. */

/** Probes and scrapes are questions, and a 503 of theirs is an answer: neither is traffic. */
export const OPS_ENDPOINTS = '(/.*)?/(health|livez|readyz|startupz|metrics)(/.*)?';

/** The pool of the job queue is as large as its work: it is meant to be in use. */
export const JOBS_POOL = 'jobs';

/** Checks of the process itself are not about what it depends on. */
export const PROCESS_CHECKS = 'memory|cpu|diskSpace|eventLoop';
