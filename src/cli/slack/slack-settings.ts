import { CONFIG_DEFAULTS, loadConfig, type Config } from '../../index.js';
import { CommandError } from '../exit-codes.js';

const NAMES = ['SLACK_WEBHOOK_URL', 'ALERTS_ALLOW_NETWORKS'];

/**
 * Where to post. What else is wrong with the settings of the service must not keep anybody from telling so: nothing else of the
 * environment is read, and `.env` only for an address that the environment does not have.
 */
export function slackSettings(given: Readonly<Record<string, string | undefined>>): Config['alerts'] {
  const env = Object.fromEntries(NAMES.map((name) => [name, given[name]]));
  const hasAddress = (given.SLACK_WEBHOOK_URL ?? '').trim() !== '';
  try {
    return loadConfig({ env, envFile: hasAddress ? false : CONFIG_DEFAULTS.envFile }).alerts;
  } catch (error) {
    throw error instanceof Error && error.name === 'ConfigError' ? new CommandError(error.message) : error;
  }
}
