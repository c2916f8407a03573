import type { ShownReport } from './shown-report.js';
import { HEALTH_STATUS_CODES, type HealthEndpoint } from '../status-codes.js';

const NAMES: Readonly<Record<HealthEndpoint, string>> = {
  liveness: 'livez',
  readiness: 'readyz',
  startup: 'startupz',
  health: 'health',
};

/**
 * One line for each check, as the Kubernetes API server writes them for `?verbose`
 * (https://kubernetes.io/docs/reference/using-api/health-checks/): for people and for the event of a failed probe.
 */
export function verboseText(endpoint: HealthEndpoint, report: ShownReport, excluded: readonly string[]): string {
  const lines = report.checks.map(({ name, status }) => {
    if (status === 'down') return `[-]${onOneLine(name)} failed: reason withheld`;
    return `[+]${onOneLine(name)} ${status === 'up' ? 'ok' : status}`;
  });
  const skipped = excluded.map((name) => `[+]${onOneLine(name)} excluded: ok`);
  const refuses = HEALTH_STATUS_CODES[report.state][endpoint] !== 200;
  const state = refuses ? [`[-]state failed: ${report.state}`] : [];
  const verdict = `${NAMES[endpoint]} check ${report.status === 'error' ? 'failed' : 'passed'}`;
  return [...lines, ...skipped, ...state, verdict, ''].join('\n');
}

function onOneLine(name: string): string {
  return name.replace(/\s+/g, ' ');
}
