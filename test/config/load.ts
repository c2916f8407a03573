import { EnvironmentError, loadConfig, type Config, type ConfigOptions } from 'express-runbook';

type Env = NonNullable<ConfigOptions['env']>;

/** The settings of this environment alone, without a file. */
export function load(env: Env, options: ConfigOptions = {}): Config {
  return loadConfig({ env, envFile: false, isTerminal: false, ...options });
}

/** What `load` refuses, by variable; empty when it refuses nothing. */
export function refused(env: Env, options: ConfigOptions = {}): Record<string, string> {
  try {
    load(env, options);
    return {};
  } catch (error) {
    if (!(error instanceof EnvironmentError)) throw error;
    return Object.fromEntries(error.problems.map(({ variable, problem }) => [variable, problem]));
  }
}

export const LONG_SECRET = 'k'.repeat(32);
