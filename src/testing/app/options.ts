import type { Express } from 'express';
import { isObject } from '../../core/checks.js';
import { ConfigError } from '../../core/config-error.js';
import { resolveOptions, type OptionCheck, type Resolved } from '../../core/options.js';
import { loadConfig, type Config, type Metrics, type OpsOptions } from '../../index.js';

export interface TestOpsOptions extends Partial<Omit<OpsOptions, 'logger'>> {
  /**
   * Name of the service, as its lines and metrics have it.
   * @default 'test'
   */
  service?: string;
  /**
   * The whole environment of the service, beside the defaults: `process.env` and `.env` are not read. The lines that
   * `LOG_LEVEL` says are captured, in the schema `flat`; `LOG_SCHEMA`, `LOG_FORMAT` and the folders say nothing, because none is written anywhere.
   * @default `{ NODE_ENV: 'test', LOG_LEVEL: 'debug', HOST: '127.0.0.1', PORT: '0' }`, each unless `env` has it
   */
  env?: Readonly<Record<string, string | undefined>>;
  /** In place of `env`, for a service whose settings have a profile: what `loadConfig({ envFile: false, … })` returned. */
  config?: Config;
  /** Made without the metrics of the process when not given: they cannot be stopped again. */
  metrics?: Metrics;
}

export interface TestAppOptions extends TestOpsOptions {
  /**
   * The app to build on, of either major of Express.
   * @default `express()`, of the express that is installed
   */
  app?: Express;
}

export const TEST_OPS_DEFAULTS = Object.freeze({
  service: 'test',
  env: Object.freeze({ NODE_ENV: 'test', LOG_LEVEL: 'debug', HOST: '127.0.0.1', PORT: '0' }),
});

type Said = Resolved<TestOpsOptions, typeof TEST_OPS_DEFAULTS>;

type TestOpsSettings = Omit<Said, 'env' | 'config'> & { readonly config: Config };

export function resolveTestOpsOptions(options?: TestOpsOptions): TestOpsSettings {
  const { env, ...settings } = resolveOptions('testOps', options, TEST_OPS_DEFAULTS, {
    service: checkedByCreateOps,
    version: checkedByCreateOps,
    config: isObject,
    metrics: isObject,
    redis: checkedByCreateOps,
    pool: checkedByCreateOps,
    checks: checkedByCreateOps,
    authoriseDetails: checkedByCreateOps,
    securityHeaders: checkedByCreateOps,
    rateLimit: checkedByCreateOps,
    loadShedding: checkedByCreateOps,
    console: checkedByCreateOps,
    errorType: checkedByCreateOps,
    env: isObject,
  });
  if (settings.config === undefined) return { ...settings, config: configOf(env) };
  if (options?.env === undefined) return { ...settings, config: settings.config };
  throw new ConfigError('ERR_OPTION_CONFLICT', 'testOps.env', 'says what config says too: give one of the two');
}

/** Named here, so that a slip is met with the name that was meant. */
const checkedByCreateOps: OptionCheck = () => undefined;

function configOf(env: Said['env']): Config {
  return loadConfig({ env: { ...TEST_OPS_DEFAULTS.env, ...env }, envFile: false, isTerminal: false });
}
