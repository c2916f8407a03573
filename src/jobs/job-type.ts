import { isFunction, isInteger, isTimeMs } from '../core/checks.js';
import { requireOption, resolveOptions, type Resolved } from '../core/options.js';

/** What a handler is told beside its payload. */
export interface JobRun {
  readonly id: string;
  /** 1 at the first attempt. */
  readonly attempt: number;
  /**
   * Aborted when the job took too long, when another worker has taken it over, and when this process ends before it: what the
   * handler does after that is not recorded.
   */
  readonly signal: AbortSignal;
}

export interface JobTypeOptions<Payload = never> {
  /**
   * Does the job. What it returns is kept as the job's result, as JSON. It may be run again after it has done its work, when
   * this process dies before that is recorded: make it so that twice does no harm. Required.
   */
  run: (payload: Payload, job: JobRun) => unknown;
  /**
   * Attempts, the first one included, after which the job goes to the dead letters.
   * @default 5
   */
  maxAttempts?: number;
  /**
   * Milliseconds that an attempt may take; after that its signal is aborted and it has failed with `ERR_JOB_TIMEOUT`.
   * @default 600000
   */
  timeoutMs?: number;
  /**
   * Milliseconds before the second attempt; twice as long before each further one.
   * @default 1000
   */
  backoffMs?: number;
  /**
   * Milliseconds that the wait for the next attempt is never longer than.
   * @default 300000
   */
  maxBackoffMs?: number;
  /**
   * Asked whenever work is looked for: while it says true, jobs of this type stay pending and lose no attempt, e.g. while the
   * service that they call is down. It must answer from memory.
   * @default never
   */
  waitWhile?: () => boolean;
}

export const JOB_TYPE_DEFAULTS = Object.freeze({
  maxAttempts: 5,
  timeoutMs: 600_000,
  backoffMs: 1000,
  maxBackoffMs: 300_000,
});

/** The types of a service's jobs, by name: a short list, for it is a label of metrics. */
export type JobTypes = Readonly<Record<string, JobTypeOptions>>;

/** What a job of this type is given. */
export type PayloadOf<Type> = Type extends { run: (payload: infer Payload, ...rest: never[]) => unknown }
  ? Payload
  : never;

export type JobType = Resolved<JobTypeOptions, typeof JOB_TYPE_DEFAULTS>;

export function resolveJobType(name: string, options: JobTypeOptions): JobType {
  const scope = `createJobs.types.${name}`;
  const settings = resolveOptions(scope, options, JOB_TYPE_DEFAULTS, {
    run: isFunction,
    maxAttempts: isInteger(1, 1000),
    timeoutMs: isTimeMs(1),
    backoffMs: isTimeMs(0),
    maxBackoffMs: isTimeMs(0),
    waitWhile: isFunction,
  });
  requireOption(scope, 'run', settings.run, 'the function that does the job');
  return settings;
}
