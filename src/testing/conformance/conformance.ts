import type { Check, Verdict } from './checks/check.js';
import { ERRORS } from './checks/errors.js';
import { IDS } from './checks/ids.js';
import { LIMITS } from './checks/limits.js';
import { METRICS } from './checks/metrics.js';
import { PROBES } from './checks/probes.js';
import { SHUTDOWN } from './checks/shutdown.js';
import { heldRequest, observedShutdown } from './observed-shutdown.js';
import { resolveConformanceOptions, type ConformanceOptions, type ConformanceSettings } from './options.js';
import { reportOf, type ConformanceCheck, type ConformanceFinding, type ConformanceReport } from './report.js';
import { served, type Served } from './served.js';
import { service, type Service } from './service.js';

/** In the order in which they run: the limit is used up last, and then the process ended. */
const BEFORE_THE_LIMIT: readonly Check[] = [...IDS, ...PROBES, ...METRICS, ...ERRORS];

/** Every check that there is: its id and what it promises. */
export const CONFORMANCE_CHECKS: readonly ConformanceCheck[] = Object.freeze(
  [...BEFORE_THE_LIMIT, ...LIMITS, ...SHUTDOWN].map(({ id, title }) => ({ id, title })),
);

const IDS_AND_GROUPS = [...new Set(CONFORMANCE_CHECKS.flatMap(({ id }) => [groupOf(id), id]))];

/**
 * Looks at a running service, or at an app, from outside, and says what it keeps of the promises of this package: ids, probes,
 * metrics, errors, limits and, when it may end the process, shutdown. Sends about 300 requests, more where the limit is higher,
 * and uses up the limit of this address: for a service of one's own, before it takes traffic. A check that cannot be made is
 * skipped and says why. Throws `ConfigError` for wrong options, and an error when a command does not serve or a process is not there.
 *
 * @example
 * const { failures } = await conformance({ app: createApp(), path: '/users' });
 * expect(failures).toEqual([]);
 */
export async function conformance(options: ConformanceOptions): Promise<ConformanceReport> {
  const settings = resolveConformanceOptions(options, IDS_AND_GROUPS);
  const place = await served(settings);
  const end = new AbortController();
  try {
    const about = serviceAt(place, settings);
    const findings = await found(BEFORE_THE_LIMIT, about, settings);
    const shutdown = await shutdownOf(about, settings, end.signal);
    return reportOf([...findings, ...(await found(LIMITS, about, settings)), ...(await shutdown())]);
  } finally {
    end.abort();
    await place.close();
  }
}

function serviceAt({ base, process }: Served, settings: ConformanceSettings): Service {
  const { path, failPath, timeoutMs, metricsToken, metricsUrl } = settings;
  const metrics = new URL(metricsUrl ?? `${base.href.replace(/\/$/, '')}/metrics`);
  return service({ base, path, failPath, timeoutMs, process, metricsUrl: metrics, metricsToken });
}

async function found(
  checks: readonly Check[],
  about: Service,
  settings: ConformanceSettings,
): Promise<ConformanceFinding[]> {
  const findings: ConformanceFinding[] = [];
  for (const { id, title, run } of checks) {
    settings.signal?.throwIfAborted();
    if (isWanted(id, settings)) findings.push({ id, title, ...(await verdictOf(() => run(about))) });
  }
  return findings;
}

/** Begins the request that is to be in flight; ends the process when what is returned is called. */
async function shutdownOf(
  about: Service,
  settings: ConformanceSettings,
  end: AbortSignal,
): Promise<() => Promise<readonly ConformanceFinding[]>> {
  const { process } = about;
  const wanted = SHUTDOWN.filter(({ id }) => isWanted(id, settings));
  if (process === undefined || wanted.length === 0) {
    const reason = 'needs the process id, or the command that starts it';
    return () => Promise.resolve(wanted.map(({ id, title }) => ({ id, title, status: 'skip', reason })));
  }
  const { shutdownTimeoutMs } = settings;
  const held = await heldRequest(about, end);
  return async () => {
    settings.signal?.throwIfAborted();
    const seen = await observedShutdown(about, process, held, shutdownTimeoutMs);
    return wanted.map(({ id, title, judge }) => ({ id, title, ...judge(seen) }));
  };
}

/** What goes wrong on the way is what is wrong with the service: no answer, a broken one. */
async function verdictOf(run: () => Promise<Verdict>): Promise<Verdict> {
  try {
    return await run();
  } catch (error) {
    return { status: 'fail', reason: error instanceof Error ? error.message : String(error) };
  }
}

function isWanted(id: string, { only, skip = [] }: ConformanceSettings): boolean {
  const isNamed = (names: readonly string[]): boolean => names.includes(id) || names.includes(groupOf(id));
  return (only === undefined || isNamed(only)) && !isNamed(skip);
}

function groupOf(id: string): string {
  return id.split('.', 1)[0] ?? id;
}
