import { randomUUID } from 'node:crypto';
import { runMigrations } from 'graphile-worker';
import type { ContextFields } from '../core/context.js';
import { TIMED_OUT, withDeadline } from '../core/deadline.js';
import { Attempts } from './attempts.js';
import { guardPool } from './guarded-pool.js';
import { JobError } from './job-error.js';
import { jobMetrics } from './job-metrics.js';
import type { JobState } from './job-state.js';
import { createJobStore } from './job-store.js';
import type { JobTypes, PayloadOf } from './job-type.js';
import { payloadText } from './json-text.js';
import { resolveJobsOptions, type JobsOptions, type JobsSettings } from './options.js';
import { createPicker } from './picker.js';
import type { Priority } from './priority.js';
import { queueLogger } from './queue-logger.js';
import { createUpkeep } from './upkeep.js';

/** After `drainMs`, for jobs to go back to pending. */
const RELEASE_MS = 1000;

export interface CreateJobOptions {
  /** Who it is for: the column `client_id`, of tables that have it. */
  readonly clientId?: string;
  /**
   * What comes first among those whose time has come.
   * @default 'normal'
   */
  readonly priority?: Priority;
  /**
   * Not before this time of the database's clock, e.g. at night.
   * @default now
   */
  readonly runAt?: Date;
}

export interface Jobs<Types extends JobTypes> {
  /**
   * Creates a job, for whichever worker is first, and gives its id. Throws `JobError` for a payload that cannot be kept.
   */
  create<Name extends keyof Types & string>(
    type: Name,
    payload: PayloadOf<Types[Name]>,
    options?: CreateJobOptions,
  ): Promise<string>;
  /** How a job stands; nothing when there is none with this id. */
  find(id: string): Promise<JobState | undefined>;
  /** Has a job of the dead letters tried again, with all its attempts; false when it is none. */
  retry(id: string): Promise<boolean>;
  /** Begins to work on jobs. A database that is away is waited for. Without it this process only creates jobs. */
  start(): void;
  /**
   * Begins no further job, waits `drainMs` for those under way and gives the others back, as pending. Call it before the pool
   * is closed; again, it is the same close.
   */
  close(): Promise<void>;
}

/**
 * Jobs that outlive the process that asked for them: the table `jobs` says how each stands, graphile-worker says when to look
 * at it. Every job logs what becomes of it under the correlation id of the request that created it; what fails is tried again,
 * and in the end is among the dead letters. Throws `ConfigError` for wrong options.
 *
 * @example
 * const jobs = createJobs({ pool, types: { invoice: { run: sendInvoice } }, logger, registry, context: getContext, runWithContext });
 * jobs.start();
 * shutdown.add('jobs', () => jobs.close());
 * await jobs.create('invoice', { orderId: 7 });
 */
export function createJobs<Types extends JobTypes>(options: JobsOptions<Types>): Jobs<Types> {
  const settings = resolveJobsOptions(options);
  const { pool, table, types, logger } = settings;
  guardPool(pool);
  const store = createJobStore(pool, table);
  const metrics = jobMetrics(settings);
  const attempts = new Attempts(settings, store, metrics);
  const picker = createPicker(settings, attempts);
  const upkeep = createUpkeep(settings, store, attempts);
  const queueIsThere = once(() => runMigrations({ pgPool: pool, logger: queueLogger(logger) }));
  let closing: Promise<void> | undefined;
  settings.signal?.addEventListener('abort', () => void picker.stop());

  async function drain(): Promise<void> {
    const stopped = picker.stop();
    if ((await withDeadline(stopped, settings.drainMs)) === TIMED_OUT) {
      attempts.release();
      await withDeadline(stopped, RELEASE_MS);
    }
    upkeep.stop();
  }

  return {
    async create(type, payload, { clientId, priority = 'normal', runAt } = {}) {
      if (!types.has(type)) {
        const known = [...types.keys()].join(', ');
        throw new JobError('ERR_JOB_TYPE', `there are no jobs ${type}, only ${known}`);
      }
      const text = payloadText(payload, type, settings.maxPayloadBytes);
      await queueIsThere();
      const id = randomUUID();
      const context = JSON.stringify(keptContext(settings));
      await store.create({ id, type, payload: text, context, clientId, priority, runAt });
      metrics.created(type);
      logger.info({ jobId: id, jobType: type }, 'Job created');
      return id;
    },
    find: (id) => store.find(id),
    async retry(id) {
      await queueIsThere();
      return store.retry(id);
    },
    start() {
      if (settings.signal?.aborted === true || closing !== undefined) return;
      picker.start();
      void startUpkeep();
    },
    close: () => (closing ??= drain()),
  };

  async function startUpkeep(): Promise<void> {
    // The picker makes what is missing, and tells when it cannot.
    await queueIsThere().catch(() => undefined);
    if (closing === undefined) upkeep.start();
  }
}

/** The request's own id stays with the request: what belongs to the transaction goes on. */
function keptContext({ context }: JobsSettings): ContextFields {
  const { correlationId, userId, clientId, trace } = context?.() ?? {};
  return { correlationId, userId, clientId, trace };
}

/** Runs at the first call, and again after a failure. */
function once(work: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> | undefined;
  return () =>
    (running ??= work().catch((error: unknown) => {
      running = undefined;
      throw error;
    }));
}
