import type { Command } from 'commander';
import { CONFIG_DEFAULTS, loadConfig, type Config, type ConfigOptions } from '../../index.js';
import { defaultExport } from '../default-export.js';
import { CommandError, EXIT } from '../exit-codes.js';
import { said } from '../option-values.js';
import type { Terminal } from '../terminal.js';

export interface ConfigSource {
  readonly dotenv?: string;
  readonly profile?: string;
}

/** Adds the options that say where settings are read from. Node takes --env-file for itself, wherever it stands. */
export function withConfigSource(command: Command): Command {
  return command
    .option('--dotenv <file>', `settings beside the environment (default: ${CONFIG_DEFAULTS.envFile})`, said)
    .option('--profile <module>', `exports the service's defaults, or a function of OPS_PROFILE that gives them`, said);
}

/** The settings of the service, from the environment and its `.env`; what is odd but works is said. */
export async function configured({ dotenv, profile }: ConfigSource, terminal: Terminal): Promise<Config> {
  // loadConfig refuses what is no profile.
  const given = profile === undefined ? undefined : ((await defaultExport(profile)) as ConfigOptions['profile']);
  try {
    const config = loadConfig({ env: terminal.env, envFile: dotenv, profile: given });
    for (const warning of config.warnings) terminal.complain(`warning: ${warning}\n`);
    return config;
  } catch (error) {
    throw error instanceof Error && error.name === 'ConfigError' ? new CommandError(error.message, EXIT.usage) : error;
  }
}
