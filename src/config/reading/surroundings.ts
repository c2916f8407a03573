import { DEFAULT_NODE_ENV, type NodeEnv } from '../config.js';
import { NODE_ENV_SHORTHANDS } from '../kinds/words.js';
import type { Surroundings } from '../variables/variable.js';
import { readSaying } from './read-values.js';
import { sayings, type Saying, type Source } from './sources.js';

/** What defaults depend on. A bad NODE_ENV is reported with all the others; until then the default stands in. */
export function surroundingsOf(sources: readonly Source[], env: Source['values'], isTerminal: boolean): Surroundings {
  return {
    nodeEnv: nodeEnvOf(sources),
    isTerminal,
    isKubernetes: isSet(env.KUBERNETES_SERVICE_HOST),
    // pm2 numbers its processes from 0.
    isPm2: isSet(env.pm_id),
  };
}

function isSet(value: unknown): boolean {
  return typeof value === 'string' && value.trim() !== '';
}

function nodeEnvOf(sources: readonly Source[]): NodeEnv {
  const [saying] = sayings('NODE_ENV', sources);
  if (saying === undefined) return DEFAULT_NODE_ENV;
  const reading = readSaying('NODE_ENV', saying);
  // The kind of NODE_ENV reads nothing else.
  return 'problem' in reading ? DEFAULT_NODE_ENV : (reading.value as NodeEnv);
}

/** Express, React and others compare `process.env.NODE_ENV` letter by letter. */
export function nodeEnvWarnings(saying: Saying | undefined, nodeEnv: NodeEnv): string[] {
  const text = typeof saying?.raw === 'string' ? saying.raw.trim() : undefined;
  if (text === undefined || text === nodeEnv) return [];
  const isShorthand = Object.hasOwn(NODE_ENV_SHORTHANDS, text.toLowerCase());
  if (!isShorthand && text.toLowerCase() !== nodeEnv) return [];
  return [`NODE_ENV is taken as ${nodeEnv} here, but Express compares it exactly: write ${nodeEnv}`];
}
