import { either, isBoolean, isFunction, isObject, isText } from '../core/checks.js';
import { resolveOptions, type Resolved } from '../core/options.js';
import type { VariableName } from './variables/index.js';

/** Values by variable name, as plain data: what a profile is, and what a caller insists on. Survives JSON. */
export type ConfigProfile = Partial<Record<VariableName, string | number | boolean | readonly string[]>>;

export interface ConfigOptions {
  /**
   * Where variables are read from. A blank one counts as not set.
   * @default process.env as it is when called
   */
  env?: Readonly<Record<string, string | undefined>>;
  /**
   * File with more variables, relative to the working directory; `env` wins over it. One that does not exist is passed
   * over; `false` reads none.
   * @default '.env'
   */
  envFile?: string | false;
  /**
   * Defaults of this service: win over the defaults of `NODE_ENV`, lose against `env` and its file. A function gets the
   * name that `OPS_PROFILE` has.
   * @default an empty profile
   */
  profile?: ConfigProfile | ((name: string) => ConfigProfile);
  /**
   * What the caller insists on: wins over everything.
   * @default nothing
   */
  overrides?: ConfigProfile;
  /**
   * Whether a person watches standard output; decides between pretty and JSON lines in development.
   * @default process.stdout.isTTY as it is when called
   */
  isTerminal?: boolean;
}

export const CONFIG_DEFAULTS = Object.freeze({ envFile: '.env' });

export type ConfigOptionSettings = Resolved<ConfigOptions, typeof CONFIG_DEFAULTS>;

export function resolveConfigOptions(options?: ConfigOptions): ConfigOptionSettings {
  return resolveOptions('loadConfig', options, CONFIG_DEFAULTS, {
    env: isObject,
    envFile: either(isText, (value) => (value === false ? undefined : 'false')),
    profile: either(isObject, isFunction),
    overrides: isObject,
    isTerminal: isBoolean,
  });
}
