import { runWithContext } from 'express-runbook';

/** `newrelic` has it; for others it is a function of a line or two, e.g. `(name, work) => tracer.trace(name, work)`. */
interface Agent {
  startBackgroundTransaction<Result>(name: string, work: () => Promise<Result>): Promise<Result>;
}

/** A job as a background transaction of the agent, whose lines and outgoing calls carry its correlation id. */
export function traced<Job extends { correlationId: string }>(
  agent: Agent,
  name: string,
  work: (job: Job) => Promise<void>,
): (job: Job) => Promise<void> {
  return (job) =>
    agent.startBackgroundTransaction(name, () => runWithContext({ correlationId: job.correlationId }, () => work(job)));
}
