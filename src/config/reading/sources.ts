import type { ConfigOptionSettings } from '../options.js';
import { VARIABLE_NAMES, variable, type VariableName } from '../variables/index.js';

/** How insistent a source is. The environment and its file are one rank: together they are what the operator said. */
export const RANK = Object.freeze({ option: 0, environment: 1, profile: 2 });

export interface Source {
  readonly rank: number;
  /** Ends a problem: where to look. */
  readonly place: string;
  readonly values: Readonly<Record<string, unknown>>;
  /** In an environment there is no way to unset a variable for a child but to empty it. */
  readonly isBlankUnset: boolean;
}

/** What one source says of one variable. */
export interface Saying {
  readonly raw: unknown;
  /** The name it was found under: the variable's own or an alias. */
  readonly as: string;
  readonly source: Source;
}

/** What is said beside the profile, most insistent first. */
export function sourcesOf(
  { overrides, envFile }: ConfigOptionSettings,
  env: Source['values'],
  fileValues: Source['values'],
): readonly Source[] {
  return [
    { rank: RANK.option, place: 'set by the option overrides', values: overrides ?? {}, isBlankUnset: false },
    { rank: RANK.environment, place: '', values: env, isBlankUnset: true },
    { rank: RANK.environment, place: `set in ${String(envFile)}`, values: fileValues, isBlankUnset: true },
  ];
}

/** What is said of a variable, most insistent first. */
export function sayings(name: VariableName, sources: readonly Source[]): readonly Saying[] {
  const names = [name, ...(variable(name).aliases ?? [])];
  return sources.flatMap((source) =>
    names
      .filter((as) => Object.hasOwn(source.values, as) && isSaid(source, source.values[as]))
      .map((as) => ({ raw: source.values[as], as, source })),
  );
}

function isSaid(source: Source, raw: unknown): boolean {
  if (raw === undefined) return false;
  return !(source.isBlankUnset && typeof raw === 'string' && raw.trim() === '');
}

export const KNOWN_NAMES: readonly string[] = Object.freeze(
  VARIABLE_NAMES.flatMap((name) => [name, ...(variable(name).aliases ?? [])]),
);
