export { createJobs, type CreateJobOptions, type Jobs } from './create-jobs.js';
export { JOBS_DEFAULTS, type JobsOptions } from './options.js';
export { JOB_TYPE_DEFAULTS, type JobRun, type JobTypeOptions, type JobTypes, type PayloadOf } from './job-type.js';
export { inThread } from './in-thread.js';
export { JobError, PermanentJobError, type JobErrorCode } from './job-error.js';
export type { JobState, JobStatus, StoredJob } from './job-state.js';
export type { Priority } from './priority.js';
export { observeQueue, type ObserveQueueOptions } from './observe-queue.js';
