import { loadConfig, type Config, type ConfigOptions } from '../../index.js';
import { defaultExport } from '../default-export.js';
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
  // loadConfig refuses what is no profile.
  const defaults = profile === undefined ? undefined : ((await defaultExport(profile)) as ConfigOptions['profile']);
  return ({ env, hasEnvFile }) => {
    try {
      return loadConfig({ env, envFile: hasEnvFile ? dotenv : false, profile: defaults, isTerminal: false });
    } catch (error) {
      if (error instanceof Error && error.name === 'ConfigError') return error.message;
      throw error;
    }
  };
}
