import type { Repository } from './repository.js';

export interface Probe {
  readonly path: string | undefined;
  readonly port: string | number | undefined;
  readonly timeoutSeconds: number;
}

/** A workload of Kubernetes that runs this service, as far as its manifest says it. */
export interface Deployment {
  readonly file: string;
  readonly text: string;
  readonly name: string;
  readonly replicas: number;
  readonly gracePeriodSeconds: number;
  readonly preStopSeconds: number;
  /** What stands in the manifest itself; what comes from secrets and config maps is not known here. */
  readonly env: Readonly<Record<string, string>>;
  readonly ports: readonly { readonly name?: string; readonly containerPort?: number }[];
  readonly liveness: Probe | undefined;
  readonly readiness: Probe | undefined;
}

// What Kubernetes takes when a manifest says nothing: https://kubernetes.io/docs/concepts/configuration/liveness-readiness-startup-probes/
const DEFAULTS = { gracePeriodSeconds: 30, timeoutSeconds: 1, replicas: 1 };

/** As far as it is read here; anything may be missing in a file that people write. */
interface ProbeYaml {
  httpGet?: { path?: string; port?: string | number };
  timeoutSeconds?: number;
}
interface ContainerYaml {
  image?: string;
  command?: string[];
  args?: string[];
  env?: { name: string; value?: unknown }[];
  ports?: { name?: string; containerPort?: number }[];
  livenessProbe?: ProbeYaml;
  readinessProbe?: ProbeYaml;
  lifecycle?: { preStop?: { exec?: { command?: string[] }; sleep?: { seconds?: number } } };
}
interface WorkloadYaml {
  kind?: string;
  metadata?: { name?: string };
  spec?: {
    replicas?: number;
    template?: { spec?: { terminationGracePeriodSeconds?: number; containers?: ContainerYaml[] } };
  };
}

export interface ReadDeployments {
  readonly deployments: readonly Deployment[];
  /** Manifests that are no YAML. */
  readonly unreadable: readonly string[];
}

export async function deploymentsIn(repository: Repository): Promise<ReadDeployments> {
  // Loaded when it is needed: other commands do not pay for it.
  const { parseAllDocuments } = await import('yaml');
  const deployments: Deployment[] = [];
  const unreadable: string[] = [];
  for (const file of await repository.paths(/\.ya?ml$/)) {
    const text = (await repository.text(file)) ?? '';
    // Templates of Helm become manifests elsewhere.
    if (!/^kind:\s*["']?(?:Deployment|StatefulSet|DaemonSet)\b/m.test(text) || text.includes('{{')) continue;
    const documents = parseAllDocuments(text);
    if (!Array.isArray(documents) || documents.some(({ errors }) => errors.length > 0)) unreadable.push(file);
    // What it holds is looked at piece by piece below.
    else for (const document of documents) deployments.push(...servicesIn(document.toJS() as WorkloadYaml, file, text));
  }
  return { deployments, unreadable };
}

function servicesIn(workload: WorkloadYaml | null, file: string, text: string): Deployment[] {
  const { kind = '', metadata, spec } = workload ?? {};
  const pod = spec?.template?.spec;
  if (!/^(?:Deployment|StatefulSet|DaemonSet)$/.test(kind)) return [];
  return (pod?.containers ?? []).filter(isNode).map((container) => ({
    file,
    text,
    name: metadata?.name ?? kind,
    replicas: spec?.replicas ?? DEFAULTS.replicas,
    gracePeriodSeconds: pod?.terminationGracePeriodSeconds ?? DEFAULTS.gracePeriodSeconds,
    preStopSeconds: preStopSecondsOf(container),
    env: envOf(container),
    ports: container.ports ?? [],
    liveness: probeOf(container.livenessProbe),
    readiness: probeOf(container.readinessProbe),
  }));
}

/** A database or a proxy beside the service has its own rules. */
function isNode({ env = [], image = '', command = [], args = [] }: ContainerYaml): boolean {
  const isSaid = env.some(({ name }) => name === 'NODE_ENV' || name === 'OPS_PROFILE');
  return isSaid || /(?:^|\/)node[:@]/.test(image) || [...command, ...args].some((word) => /^(?:node|npm)$/.test(word));
}

function envOf({ env = [] }: ContainerYaml): Record<string, string> {
  return Object.fromEntries(
    env.flatMap(({ name, value }) =>
      typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
        ? [[name, String(value)] as const]
        : [],
    ),
  );
}

function probeOf(probe: ProbeYaml | undefined): Probe | undefined {
  if (probe === undefined) return undefined;
  const { httpGet, timeoutSeconds = DEFAULTS.timeoutSeconds } = probe;
  return { path: httpGet?.path, port: httpGet?.port, timeoutSeconds };
}

function preStopSecondsOf({ lifecycle }: ContainerYaml): number {
  const { exec, sleep } = lifecycle?.preStop ?? {};
  const [, said] = /\bsleep\s+(\d+(?:\.\d+)?)/.exec(exec?.command?.join(' ') ?? '') ?? [];
  return sleep?.seconds ?? Number(said ?? 0);
}
