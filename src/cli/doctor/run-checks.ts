import type { Absent } from './absent.js';
import type { Circumstances, AnyCheck, PartName, Parts } from './doctor-check.js';
import { fail, skip, worstOf, type Finding, type Status } from './finding.js';

export interface CheckResult {
  readonly id: string;
  readonly title: string;
  readonly status: Status;
  readonly findings: readonly Finding[];
  readonly ms: number;
}

/** How to get each part: itself, or why it is not there. */
type PartSources = { readonly [Name in PartName]: () => Promise<Parts[Name] | Absent> };

export interface CheckRun {
  readonly sources: PartSources;
  readonly circumstances: Omit<Circumstances, 'signal'>;
  /** Milliseconds that each check has. */
  readonly timeoutMs: number;
}

const TOO_LATE = Symbol('too late');

/** Runs them all at once; each has an end, whatever it waits for. */
export function runChecks(checks: readonly AnyCheck[], run: CheckRun): Promise<CheckResult[]> {
  return Promise.all(checks.map((one) => resultOf(one, run)));
}

async function resultOf(one: AnyCheck, run: CheckRun): Promise<CheckResult> {
  const startedAt = performance.now();
  const findings = await findingsInTime(one, run);
  const { id, title } = one;
  return { id, title, status: worstOf(findings), findings, ms: Math.round(performance.now() - startedAt) };
}

async function findingsInTime(one: AnyCheck, { sources, circumstances, timeoutMs }: CheckRun): Promise<Finding[]> {
  const controller = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const deadline = new Promise<typeof TOO_LATE>((resolve) => {
    timer = setTimeout(() => {
      resolve(TOO_LATE);
      controller.abort();
    }, timeoutMs);
  });
  try {
    const found = await Promise.race([
      findings(one, sources, { ...circumstances, signal: controller.signal }),
      deadline,
    ]);
    if (found !== TOO_LATE) return found;
    return [
      fail(`not done within ${timeoutMs / 1000} s`, 'look at what it asks by hand, or give it more with --timeout'),
    ];
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return [fail(`could not be looked at: ${reason}`, 'mend what the message says, then ask again')];
  } finally {
    clearTimeout(timer);
  }
}

async function findings(one: AnyCheck, sources: PartSources, seen: Circumstances): Promise<Finding[]> {
  const parts: Partial<Record<PartName, unknown>> = {};
  for (const name of one.needs) {
    const part = await sources[name]();
    if ('absent' in part) return [withoutPart(part, name === one.answersFor)];
    parts[name] = part;
  }
  // What it needs is there now; `never` is only what a list of different checks has in common.
  return [await one.run({ ...parts, ...seen } as never)].flat();
}

function withoutPart({ absent, cure }: Absent, isResponsible: boolean): Finding {
  return isResponsible && cure !== undefined ? fail(absent, cure) : skip(absent);
}
