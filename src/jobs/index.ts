export { createJobs, type CreateJobOptions, type Jobs } from './create-jobs.js';
export { JOBS_DEFAULTS, type JobsOptions } from './options.js';
export { JOB_TYPE_DEFAULTS, type JobRun, type JobTypeOptions, type JobTypes, type PayloadOf } from './job-type.js';
export { JobError, PermanentJobError, type JobErrorCode } from './job-error.js';
export type { JobState, JobStatus, StoredJob } from './job-state.js';
export type { Priority } from './priority.js';
export { observeQueue, type ObserveQueueOptions } from './observe-queue.js';
export { nextRun } from './schedule/next-run.js';
export { NEXT_RUN_DEFAULTS, type NextRunOptions } from './schedule/options.js';
