/** What a runbook page says of an alert: the skeleton of the Prometheus operator's runbooks. */
export interface Advice {
  readonly meaning: string;
  readonly impact: string;
  /** Commands, each with what it tells. */
  readonly diagnosis: readonly (readonly [command: string, tells: string])[];
  readonly cure: readonly string[];
}

export const HEALTH = ['curl -s http://localhost:3000/health', 'what is not up, and since when'] as const;
export const ERRORS = ['tail -n 20 logs/error.log | jq .', 'what failed, with stack and request id'] as const;
export const SLOW_REQUESTS = [
  "jq -c 'select((.duration // .context.latency_ms) > 1000)' logs/access.log",
  'which requests took longer than a second',
] as const;
export const ACTIVITY = ['express-runbook db activity', 'what runs in the database now, the longest first'] as const;
export const LOCKS = ['express-runbook db locks', 'who waits for a lock, and who holds it'] as const;
export const SLOW_QUERIES = ['express-runbook db slow', 'the statements that took the most time'] as const;
export const CONNECTIONS = ['express-runbook db connections', 'who holds how many connections'] as const;
export const PING = ['express-runbook db ping', 'whether the database answers at all'] as const;
export const SETTINGS = ['express-runbook config print', 'the settings in force'] as const;
export const DISK = ['df -h', 'which file system is full'] as const;
export const PROCESSES = ['top -b -n 1', 'which process takes it'] as const;
export const PROFILE = [
  'kill -USR2 <pid>',
  'a CPU profile in PROFILE_DIR: load it in the developer tools of Chrome',
] as const;
export const RESTART = 'Restart the process under its supervisor: it drains, so that no request is lost.';
export const ROLL_BACK = 'If it began with a deployment, go back to the version before it, then look for the cause.';
