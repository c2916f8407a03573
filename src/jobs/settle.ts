import { setTimeout as sleep } from 'node:timers/promises';
import type { Attempt } from './attempt.js';
import { backoffMs } from './backoff.js';
import type { Ending } from './ending.js';
import { errorText } from './error-text.js';
import { codeOf, isPermanent } from './job-error.js';
import type { AttemptOutcome } from './job-metrics.js';
import type { JobStore } from './job-store.js';
import type { JobsSettings } from './options.js';

/** An outcome that the database does not take is offered again so often: it may be away for a moment. */
const REWRITE_MS = 250;

interface Parts extends Pick<JobsSettings, 'logger' | 'heartbeatMs'> {
  readonly store: JobStore;
  /** Whether this process ends, and waits for nothing. */
  readonly isEnding: () => boolean;
}

interface Verdict {
  readonly outcome: AttemptOutcome;
  readonly write: () => Promise<boolean>;
  readonly log: () => void;
}

/** Records how an attempt ended, and logs it once it is recorded: the log never says what the table does not. */
export async function settle(
  attempt: Attempt,
  ending: Ending,
  durationMs: number,
  parts: Parts,
): Promise<AttemptOutcome> {
  const { logger } = parts;
  const fields = { ...attempt.fields, durationMs };
  const { outcome, write, log } = verdictOn({ ...attempt, fields }, ending, parts);
  if (outcome !== 'lost' && (await written(write, parts))) {
    log();
    return outcome;
  }
  logger.warn(fields, 'Job was taken over by another worker; what this one did is not recorded');
  return 'lost';
}

function verdictOn(attempt: Attempt, ending: Ending, { logger, store }: Parts): Verdict {
  const { ticket, type, claim, fields } = attempt;
  if ('result' in ending) {
    return {
      outcome: 'completed',
      write: () => store.complete(ticket, ending.result),
      log: () => {
        logger.info(fields, 'Job completed');
      },
    };
  }
  const { thrown } = ending;
  if (codeOf(thrown) === 'ERR_JOB_LOST')
    return { outcome: 'lost', write: () => Promise.resolve(false), log: () => undefined };
  if (codeOf(thrown) === 'ERR_JOB_RELEASED') {
    return {
      outcome: 'released',
      write: () => store.release(ticket),
      log: () => {
        logger.warn(fields, 'Job is pending again: the process ends');
      },
    };
  }
  if (isPermanent(thrown) || claim.attempt >= type.maxAttempts) {
    return {
      outcome: 'failed',
      write: () => store.fail(ticket, errorText(thrown)),
      log: () => {
        logger.error({ ...fields, error: thrown }, 'Job failed');
      },
    };
  }
  const delayMs = backoffMs(claim.attempt, type);
  return {
    outcome: 'retried',
    write: () => store.retryLater(ticket, errorText(thrown), delayMs),
    log: () => {
      logger.warn({ ...fields, delayMs, error: thrown }, 'Job will be tried again');
    },
  };
}

/** For as long as the job is this worker's; after that another one takes it up. */
async function written(write: () => Promise<boolean>, { heartbeatMs, isEnding }: Parts): Promise<boolean> {
  const endsAt = performance.now() + heartbeatMs;
  for (;;) {
    try {
      return await write();
    } catch (error) {
      if (isEnding() || performance.now() > endsAt) throw error;
    }
    await sleep(REWRITE_MS, undefined, { ref: false });
  }
}
