import type { Repository } from './repository.js';
import { timeSpanMs } from './time-span.js';

/** A service of a compose file that runs this service. */
export interface ComposeService {
  readonly file: string;
  readonly text: string;
  readonly name: string;
  readonly stopAfterMs: number;
  readonly env: Readonly<Record<string, string>>;
}

// What Docker takes when the file says nothing: https://docs.docker.com/reference/compose-file/services/#stop_grace_period
const STOP_AFTER_MS = 10_000;

interface ServiceYaml {
  image?: string;
  stop_grace_period?: string | number;
  environment?: Record<string, unknown> | string[];
}

/** Services that say NODE_ENV or OPS_PROFILE, or run the image of node; what is no YAML has none. */
export async function composeServicesIn(repository: Repository): Promise<ComposeService[]> {
  // Loaded when it is needed: other commands do not pay for it.
  const { parseDocument } = await import('yaml');
  const found: ComposeService[] = [];
  for (const file of await repository.paths(/(?:^|\/)(?:docker-)?compose(?:\.[\w-]+)?\.ya?ml$/)) {
    const text = (await repository.text(file)) ?? '';
    const document = parseDocument(text);
    if (document.errors.length > 0) continue;
    // What it holds is looked at piece by piece below.
    const { services } = (document.toJS() as { services?: Record<string, ServiceYaml | null> } | null) ?? {};
    for (const [name, service] of Object.entries(services ?? {})) {
      const env = envOf(service?.environment);
      const isNode = 'NODE_ENV' in env || 'OPS_PROFILE' in env || (service?.image ?? '').startsWith('node:');
      const stopAfterMs = timeSpanMs(String(service?.stop_grace_period ?? '')) ?? STOP_AFTER_MS;
      if (isNode) found.push({ file, text, name, env, stopAfterMs });
    }
  }
  return found;
}

/** A map, or a list of `NAME=value`. What the shell fills in is not known here. */
function envOf(said: ServiceYaml['environment'] = {}): Record<string, string> {
  const pairs = Array.isArray(said)
    ? said.map((line): [string, unknown] => [line.replace(/=.*/s, ''), line.replace(/^[^=]*=?/, '')])
    : Object.entries(said);
  return Object.fromEntries(
    pairs.flatMap(([name, value]) => {
      const text = typeof value === 'number' || typeof value === 'boolean' ? String(value) : value;
      return typeof text === 'string' && !text.includes('${') ? [[name, text] as const] : [];
    }),
  );
}
