import { HEALTH_DEFAULTS, type Config } from '../../../index.js';
import { check } from '../doctor-check.js';
import { fail, ok, warn, type Finding } from '../finding.js';
import type { Deployment, Probe } from '../repository/deployments.js';
import { perDeployment } from './kubernetes-settings.js';

const ID = 'kubernetes.probes';
const LIVENESS = ['/health/liveness', '/health/live', '/livez'];
const READINESS = ['/health/readiness', '/health/ready', '/readyz'];
const ALL = ['/health', ...LIVENESS, ...READINESS, '/health/startup', '/health/started', '/startupz'];

/** Milliseconds after which the service itself answers a probe, whatever its checks do. */
const { responseDeadlineMs } = HEALTH_DEFAULTS;

export const kubernetesProbes = check({
  id: ID,
  title: "probes of manifests against the service's own paths, port and times",
  needs: ['repository'],
  run: (seen) =>
    perDeployment(ID, seen, (deployment, settings) => {
      const { name, file, liveness, readiness } = deployment;
      const problems = [...ofLiveness(liveness, deployment, settings), ...ofReadiness(readiness, deployment, settings)];
      return problems.length > 0
        ? problems
        : [ok(`the probes of ${name} ask what is there, and wait long enough`, file)];
    }),
});

function ofLiveness(probe: Probe | undefined, deployment: Deployment, settings: Config): Finding[] {
  const { name, file } = deployment;
  const cure = `httpGet path ${LIVENESS[0] ?? ''} as livenessProbe`;
  if (probe === undefined)
    return [warn(`${name} has no livenessProbe: a process that hangs is left to hang`, cure, file)];
  const path = withoutPrefix(probe.path, settings);
  if (path !== undefined && ALL.includes(path) && !LIVENESS.includes(path)) {
    const says = `the livenessProbe of ${name} asks ${path}: when a dependency is away every pod is restarted, which cures nothing`;
    return [fail(says, cure, file)];
  }
  return ofProbe('livenessProbe', probe, deployment, settings);
}

function ofReadiness(probe: Probe | undefined, deployment: Deployment, settings: Config): Finding[] {
  const { name, file } = deployment;
  const cure = `httpGet path ${READINESS[0] ?? ''} as readinessProbe`;
  if (probe === undefined) return [fail(`${name} has no readinessProbe: requests come before it serves`, cure, file)];
  const path = withoutPrefix(probe.path, settings);
  if (path !== undefined && LIVENESS.includes(path)) {
    const says = `the readinessProbe of ${name} asks ${path}, which is 200 while it drains`;
    return [fail(says, cure, file)];
  }
  return ofProbe('readinessProbe', probe, deployment, settings);
}

/** What both have in common. */
function ofProbe(kind: string, probe: Probe, { name, file, ports }: Deployment, settings: Config): Finding[] {
  const { path, port, timeoutSeconds } = probe;
  const which = `the ${kind} of ${name}`;
  if (path === undefined) return [warn(`${which} asks no path: a port that is open says little`, 'use httpGet', file)];
  const found: Finding[] = [];
  if (!ALL.includes(withoutPrefix(path, settings) ?? path)) {
    found.push(fail(`${which} asks ${path}, which the service does not have`, `one of ${ALL.join(', ')}`, file));
  }
  const number = typeof port === 'number' ? port : ports.find((one) => one.name === port)?.containerPort;
  if (number !== settings.port) {
    const says = `${which} asks port ${String(port)}, the service listens on ${settings.port}`;
    found.push(fail(says, 'the same number for probe, containerPort and PORT', file));
  }
  if (timeoutSeconds * 1000 <= responseDeadlineMs) {
    const says = `${which} waits ${timeoutSeconds} s, an answer may take ${responseDeadlineMs} ms`;
    found.push(fail(says, 'timeoutSeconds: 2', file));
  }
  return found;
}

/** A path as it is without the prefix of the API, under which the probes answer, too. */
function withoutPrefix(path: string | undefined, { apiPrefix }: Config): string | undefined {
  const [plain = ''] = (path ?? '').split('?');
  if (path === undefined || apiPrefix === '') return path === undefined ? undefined : plain;
  const prefixes = [`/${apiPrefix}`, `/${apiPrefix.split('/')[0] ?? ''}`];
  const prefix = prefixes.find((one) => plain.startsWith(`${one}/`));
  return prefix === undefined ? plain : plain.slice(prefix.length);
}
