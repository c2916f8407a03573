import type { Config } from './config.js';
import { EnvironmentError } from './environment-error.js';
import { resolveConfigOptions, type ConfigOptions } from './options.js';
import { readEnvFile } from './reading/env-file.js';
import { withProfile } from './reading/profile.js';
import { readValues } from './reading/read-values.js';
import { sourcesOf } from './reading/sources.js';
import { nodeEnvWarnings, surroundingsOf } from './reading/surroundings.js';
import { typoWarnings, unknownNames } from './reading/typos.js';
import { brokenRules } from './settings/rules.js';
import { settingsOf } from './settings/settings.js';

/**
 * The environment as typed settings. Precedence: `overrides`, then `env`, then `envFile`, then `profile`, then the
 * default for `NODE_ENV`, then the base default. Variables: see `ENVIRONMENT_VARIABLES`.
 *
 * Throws `EnvironmentError` (`ERR_ENVIRONMENT`) listing every bad variable at once, without values; a service should
 * then exit with code 78 (EX_CONFIG). What is odd but works stands in `config.warnings`.
 *
 * @example
 * const config = loadConfig();
 */
export function loadConfig(options?: ConfigOptions): Config {
  const settings = resolveConfigOptions(options);
  const env = settings.env ?? process.env;
  const file = readEnvFile(settings.envFile);
  const sources = withProfile(sourcesOf(settings, env, file.values), settings.profile);
  const isTerminal = settings.isTerminal ?? process.stdout.isTTY;
  const surroundings = surroundingsOf(sources, env, isTerminal);
  const read = readValues(sources, surroundings);
  const problems = [
    ...file.problems,
    ...unknownNames(sources),
    ...read.problems,
    ...brokenRules(read, surroundings.nodeEnv),
  ];
  if (problems.length > 0) throw new EnvironmentError(problems);
  const warnings = [
    ...file.warnings,
    ...nodeEnvWarnings(read.said.NODE_ENV, surroundings.nodeEnv),
    ...typoWarnings(sources),
  ];
  const config = settingsOf(read);
  return { ...config, warnings: [...warnings, ...config.warnings] };
}
