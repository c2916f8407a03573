import { VARIABLE_NAMES, variable, type VariableName } from '../variables/index.js';

/** One variable as data: for documentation and tools. */
export interface EnvironmentVariable {
  readonly name: VariableName;
  readonly group: string;
  /** Path in the settings, e.g. `log.level`. */
  readonly setting: string;
  /** What one may write, as Markdown. */
  readonly accepts: string;
  /** As one would write it; missing when there is none or when it is computed. */
  readonly default?: string;
  /** What a computed default depends on, as Markdown. */
  readonly computedDefault?: string;
  /** Defaults that hold for one `NODE_ENV` only. */
  readonly defaultFor: Readonly<Record<string, string>>;
  readonly aliases: readonly string[];
  readonly isSecret: boolean;
  /** Whether `.env.example` sets it. */
  readonly isShownSet: boolean;
  readonly description: string;
}

/** Every variable that `loadConfig` reads, in the order of the documentation. */
export const ENVIRONMENT_VARIABLES: readonly EnvironmentVariable[] = Object.freeze(
  VARIABLE_NAMES.map((name) => Object.freeze(asData(name))),
);

function asData(name: VariableName): EnvironmentVariable {
  const { group, setting, kind, secret, aliases, isShownSet, description, default: base, defaultFor } = variable(name);
  return {
    name,
    group,
    setting,
    accepts: kind.accepts,
    ...(typeof base === 'object' ? { computedDefault: base.says } : { default: base }),
    defaultFor: { ...defaultFor },
    aliases: [...(aliases ?? [])],
    isSecret: secret !== undefined,
    isShownSet: isShownSet ?? false,
    description,
  };
}
