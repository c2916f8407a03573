import { loadConfig, type Config, type ConfigOptions } from '../../index.js';
import { defaultExport } from '../default-export.js';
import { CommandError, EXIT } from '../exit-codes.js';
import type { ConfigSource } from '../database/configured.js';

/** What makes the settings of another environment than this one. */
interface Surroundings {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Whether the `.env` of the repository is there, too. */
  readonly hasEnvFile: boolean;
}

/** The settings in such surroundings, or what is wrong with them, without values. */
export type SettingsFor = (surroundings: Surroundings) => Config | string;

/** How settings are read here. A profile that cannot be loaded rejects: it is a slip of whoever calls. */
export async function settingsReader({ dotenv, profile }: ConfigSource): Promise<SettingsFor> {
  const defaults = profile === undefined ? undefined : await profileIn(profile);
  return ({ env, hasEnvFile }) => {
    try {
      return loadConfig({ env, envFile: hasEnvFile ? dotenv : false, profile: defaults, isTerminal: false });
    } catch (error) {
      if (error instanceof Error && error.name === 'ConfigError') return error.message;
      throw error;
    }
  };
}

/** One that cannot be loaded is a wrong call, which is not to be taken for a warning. */
async function profileIn(path: string): Promise<ConfigOptions['profile']> {
  try {
    // loadConfig refuses what is no profile.
    return (await defaultExport(path)) as ConfigOptions['profile'];
  } catch (error) {
    throw error instanceof CommandError ? new CommandError(error.message, EXIT.usage) : error;
  }
}
