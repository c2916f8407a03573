import type { EnvironmentProblem } from '../environment-error.js';
import type { Reading } from '../kinds/kind.js';
import { VARIABLE_NAMES, variable, type Values, type VariableName } from '../variables/index.js';
import type { Surroundings, Variable } from '../variables/variable.js';
import { sayings, type Saying, type Source } from './sources.js';

// Longer than any honest value; keeps a pasted file out of headers, URLs and log lines.
const MAX_LENGTH = 8192;

/** The table applied to what the sources say. */
export interface ValuesRead {
  readonly values: Values;
  /** Who said it; missing where a default holds. */
  readonly said: Readonly<Partial<Record<VariableName, Saying>>>;
  readonly problems: readonly EnvironmentProblem[];
  readonly warnings: readonly string[];
}

/** Reads every variable; a bad one does not hide the next. */
export function readValues(sources: readonly Source[], surroundings: Surroundings): ValuesRead {
  const values: Partial<Record<VariableName, unknown>> = {};
  const said: Partial<Record<VariableName, Saying>> = {};
  const problems: EnvironmentProblem[] = [];
  const warnings: string[] = [];
  for (const name of VARIABLE_NAMES) {
    const [saying, ...weaker] = sayings(name, sources);
    const reading = saying === undefined ? readDefault(name, surroundings) : readSaying(name, saying);
    if (saying !== undefined) {
      said[name] = saying;
      warnings.push(...aliasWarnings(saying, weaker));
    }
    if (reading === undefined) continue;
    if ('problem' in reading) problems.push({ variable: saying?.as ?? name, problem: reading.problem });
    else values[name] = reading.value;
  }
  // Each value was made by the kind that stands with its name in the table.
  return { values: values as Values, said, problems, warnings };
}

/** One variable by itself. */
export function readSaying(name: VariableName, { raw, source }: Saying): Reading<unknown> {
  const { kind, secret } = variable(name);
  const text = textOf(raw);
  if (text === undefined) return { problem: `must be text, a number, true, false or a list of texts${at(source)}` };
  if (text.length > MAX_LENGTH) return { problem: `must not be longer than ${MAX_LENGTH} characters${at(source)}` };
  // A password may begin or end with a space, but the line end comes from the file that a secret was made of.
  const reading = kind.read(secret === 'all' ? text.replace(/[\r\n]+$/, '') : text.trim());
  return 'problem' in reading ? { problem: reading.problem + at(source) } : reading;
}

/** The default as a person would write it. */
function defaultText(of: Variable, surroundings: Surroundings): string | undefined {
  const base = of.defaultFor?.[surroundings.nodeEnv] ?? of.default;
  return typeof base === 'object' ? base.of(surroundings) : base;
}

function readDefault(name: VariableName, surroundings: Surroundings): Reading<unknown> | undefined {
  const text = defaultText(variable(name), surroundings);
  return text === undefined ? undefined : variable(name).kind.read(text);
}

function textOf(raw: unknown): string | undefined {
  if (typeof raw === 'string') return raw;
  if (typeof raw === 'number' || typeof raw === 'boolean') return String(raw);
  return Array.isArray(raw) && raw.every((item) => typeof item === 'string') ? raw.join(',') : undefined;
}

function at({ place }: Source): string {
  return place === '' ? '' : ` (${place})`;
}

/** Two names for one thing, with different values, in one place. */
function aliasWarnings(strongest: Saying, weaker: readonly Saying[]): string[] {
  return weaker
    .filter(({ source, as, raw }) => source === strongest.source && as !== strongest.as && raw !== strongest.raw)
    .map(({ as }) => `${as} is not used: it means the same as ${strongest.as}, which says something else`);
}
