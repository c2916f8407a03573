import { fail, ok, warn, type Finding } from '../finding.js';

/** Tokens, signatures and the order of log lines forgive so much, and no more. */
const WARN_MS = 2_000;
const FAIL_MS = 30_000;
const CURE = 'timedatectl on both machines: a time service such as chrony must run';

/** `theirs` was read between `from` and `to` of our clock, and may be too early by `granularityMs`. */
export function clockFinding(
  whose: string,
  { theirs, from, to, granularityMs }: { theirs: number; from: number; to: number; granularityMs: number },
): Finding {
  const apartMs = Math.max(0, theirs - to, from - (theirs + granularityMs));
  const says = `${whose} is ${Math.round(apartMs / 100) / 10} s from the clock of this machine`;
  if (apartMs >= FAIL_MS) return fail(says, CURE);
  return apartMs >= WARN_MS ? warn(says, CURE) : ok(`${whose} agrees with the clock of this machine`);
}
