import type { Attempt } from './attempt.js';
import { JobError } from './job-error.js';
import { resultText } from './json-text.js';
import type { JobsSettings } from './options.js';

/** What the handler gave, as JSON, or what it threw or was ended by. */
export type Ending = { readonly result: string } | { readonly thrown: unknown };

/** Runs the handler to its end, its time or the abort of its signal, whichever is first. */
export async function endingOf(attempt: Attempt, { maxPayloadBytes }: JobsSettings): Promise<Ending> {
  const { name, type, claim, controller, ticket } = attempt;
  // It died with its worker at the last of its attempts.
  if (claim.attempt > type.maxAttempts) return { thrown: new Error('the worker gave no sign of life, each time') };
  const { signal } = controller;
  const timer = setTimeout(() => {
    controller.abort(new JobError('ERR_JOB_TIMEOUT', `the job took more than ${String(type.timeoutMs)} ms`));
  }, type.timeoutMs);
  const aborted = new Promise<never>((_resolve, reject) => {
    signal.addEventListener('abort', () => {
      reject(signal.reason as Error);
    });
  });
  const job = { id: ticket.jobId, attempt: claim.attempt, signal };
  try {
    // The payload is what create() was given for this type: the table holds it as JSON.
    const work = Promise.resolve().then(() => type.run(claim.payload as never, job));
    return { result: resultText(await Promise.race([work, aborted]), name, maxPayloadBytes) };
  } catch (thrown) {
    return { thrown };
  } finally {
    clearTimeout(timer);
  }
}
