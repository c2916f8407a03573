import type { HealthEndpoint } from './status-codes.js';

/** Every name that a runbook or an orchestrator uses for an endpoint. */
const PATHS: Readonly<Record<HealthEndpoint, readonly string[]>> = {
  health: ['/health'],
  liveness: ['/health/liveness', '/health/live', '/livez'],
  readiness: ['/health/readiness', '/health/ready', '/readyz'],
};

export interface ProbePath {
  readonly path: string;
  readonly endpoint: HealthEndpoint;
}

/** The paths at the root and again under each prefix, however its slashes were written. */
export function probePaths(prefixes: readonly string[]): ProbePath[] {
  const mounts = new Set(['', ...prefixes.map(asMount)]);
  return [...mounts].flatMap((mount) =>
    Object.entries(PATHS).flatMap(([endpoint, paths]) =>
      // The keys of PATHS are its type's.
      paths.map((path) => ({ path: mount + path, endpoint: endpoint as HealthEndpoint })),
    ),
  );
}

function asMount(prefix: string): string {
  const segments = prefix.split('/').filter((segment) => segment !== '');
  return segments.length === 0 ? '' : `/${segments.join('/')}`;
}
