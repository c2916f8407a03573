import { GRACEFUL_SHUTDOWN_DEFAULTS, type Config } from '../../../index.js';
import { fail, ok, warn, type Finding } from '../finding.js';

export interface Kill {
  /** Who kills, and by which setting: "pm2 (kill_timeout)". */
  readonly by: string;
  readonly afterMs: number;
  /** What passes before the process hears of it. */
  readonly beforeMs?: number;
  readonly file?: string;
}

const { hookTimeoutMs } = GRACEFUL_SHUTDOWN_DEFAULTS;

/** Whether a drain fits below the moment at which whoever sent the signal kills. */
export function budgetFinding({ by, afterMs, beforeMs = 0, file }: Kill, { shutdown }: Config): Finding {
  const { delayMs, timeoutMs } = shutdown;
  const drainMs = beforeMs + delayMs + timeoutMs;
  const parts = [...(beforeMs > 0 ? [`preStop ${beforeMs}`] : []), `delay ${delayMs}`, `time-out ${timeoutMs}`].join(
    ' + ',
  );
  const cure = `more than ${drainMs + hookTimeoutMs} ms there, or less in SHUTDOWN_DELAY_MS and SHUTDOWN_TIMEOUT_MS`;
  if (afterMs <= drainMs)
    return fail(`${by} kills after ${afterMs} ms, a drain may take ${drainMs} (${parts})`, cure, file);
  if (afterMs < drainMs + hookTimeoutMs) {
    const says = `${by} kills after ${afterMs} ms: after a drain of ${drainMs} (${parts}) a hook has not its ${hookTimeoutMs}`;
    return warn(says, cure, file);
  }
  return ok(`${by} kills after ${afterMs} ms, a drain takes ${drainMs} and a hook ${hookTimeoutMs} at most`, file);
}
