import type { HealthEndpoint } from '../status-codes.js';

/** Every name that a runbook or an orchestrator uses for an endpoint. */
const PATHS: Readonly<Record<HealthEndpoint, readonly string[]>> = {
  health: ['/health'],
  liveness: ['/health/liveness', '/health/live', '/livez'],
  readiness: ['/health/readiness', '/health/ready', '/readyz'],
  startup: ['/health/startup', '/health/started', '/startupz'],
};

/** Below these one more segment names a check, as below those of the Kubernetes API server and of Spring's `/health`. */
const WITH_CHECKS = ['/health', '/livez', '/readyz', '/startupz'];

export interface ProbePath {
  readonly path: string;
  readonly endpoint: HealthEndpoint;
  /** Where one check is asked by its name. */
  readonly checkPath?: string;
}

/** The paths at the root and again under each prefix, however its slashes were written. */
export function probePaths(prefixes: readonly string[]): ProbePath[] {
  const mounts = new Set(['', ...prefixes.map(asMount)]);
  return [...mounts].flatMap((mount) =>
    Object.entries(PATHS).flatMap(([endpoint, paths]) =>
      paths.map((path) => ({
        path: mount + path,
        // The keys of PATHS are its type's.
        endpoint: endpoint as HealthEndpoint,
        ...(WITH_CHECKS.includes(path) ? { checkPath: `${mount}${path}/:check` } : {}),
      })),
    ),
  );
}

function asMount(prefix: string): string {
  const segments = prefix.split('/').filter((segment) => segment !== '');
  return segments.length === 0 ? '' : `/${segments.join('/')}`;
}
