import { visible } from '../visible.js';
import { STATUSES, worstOf, type Finding, type Status } from './finding.js';
import type { CheckResult } from './run-checks.js';

export interface DoctorReport {
  readonly status: Status;
  /** Checks by their status. */
  readonly counts: Readonly<Record<Status, number>>;
  readonly checks: readonly CheckResult[];
}

/** What the program ends with: scripts and Nagios go by it. */
export const EXIT_CODES: Readonly<Record<Status, number>> = Object.freeze({ OK: 0, SKIP: 0, WARN: 1, FAIL: 2 });

/** `told` takes secrets out of what goes to people. */
export function reportOf(results: readonly CheckResult[], told: (text: string) => string): DoctorReport {
  const checks = results.map((result) => ({
    ...result,
    findings: result.findings.map((finding) => cleaned(finding, told)),
  }));
  const counts = Object.fromEntries(
    STATUSES.map((status) => [status, checks.filter((one) => one.status === status).length]),
  );
  // Every status is counted.
  return { status: worstOf(checks), counts: counts as Record<Status, number>, checks };
}

function cleaned({ status, says, cure, file }: Finding, told: (text: string) => string): Finding {
  const clean = (text: string): string => visible(told(text));
  return {
    status,
    says: clean(says),
    ...(cure === undefined ? {} : { cure: clean(cure) }),
    ...(file === undefined ? {} : { file: visible(file) }),
  };
}

const STATUS_WIDTH = 6;
const GAP = 2;

/** A line for each finding, and below it what to do; what was skipped for one reason is one line at the end. */
export function reportText({ checks, counts }: DoctorReport): string {
  const skipped = new Map<string, string[]>();
  const idWidth = Math.max(...checks.map(({ id }) => id.length)) + GAP;
  const lines = checks.flatMap(({ id, findings }) =>
    findings.flatMap(({ status, says, cure, file }) => {
      if (status === 'SKIP' && file === undefined) {
        skipped.set(says, [...(skipped.get(says) ?? []), id]);
        return [];
      }
      const place = file === undefined ? '' : `${file}: `;
      const line = `${status.padEnd(STATUS_WIDTH)}${id.padEnd(idWidth)}${place}${says}`;
      return cure === undefined ? [line] : [line, `${' '.repeat(STATUS_WIDTH)}cure: ${cure}`];
    }),
  );
  const rest = [...skipped].map(([reason, ids]) => `${'SKIP'.padEnd(STATUS_WIDTH)}${ids.join(' ')}: ${reason}`);
  return [...lines, ...rest, '', countsText(counts)].join('\n');
}

/** One line, as plugins of Nagios print it: https://nagios-plugins.org/doc/guidelines.html#PLUGOUTPUT */
export function nagiosText({ status, checks, counts }: DoctorReport): string {
  const word = { OK: 'OK', SKIP: 'OK', WARN: 'WARNING', FAIL: 'CRITICAL' }[status];
  const bad = checks.filter((one) => one.status === 'FAIL' || one.status === 'WARN').map(({ id }) => id);
  const about = bad.length === 0 ? countsText(counts) : `${countsText(counts)}: ${bad.join(' ')}`;
  return `DOCTOR ${word} - ${about} | ok=${counts.OK} warn=${counts.WARN} fail=${counts.FAIL} skip=${counts.SKIP}`;
}

function countsText({ OK, WARN, FAIL, SKIP }: DoctorReport['counts']): string {
  return `${OK} ok, ${WARN} warned, ${FAIL} failed, ${SKIP} skipped`;
}
