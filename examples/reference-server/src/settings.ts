import { join, resolve } from 'node:path';
import { loadConfig, type Config, type ConfigProfile } from 'express-runbook';
import { profileOf, type Profile } from './profiles/index.js';
import { ROOT } from './root.js';

export interface Settings {
  readonly profile: Profile;
  readonly config: Config;
}

/** `overrides` over the environment over `.env` of this folder over the profile that `OPS_PROFILE` names. */
export function loadSettings(overrides: ConfigProfile = {}): Settings {
  const envFile = process.env.ENV_FILE ?? join(ROOT, '.env');
  const { profile: name } = loadConfig({ envFile, overrides });
  const profile = profileOf(name);
  const config = loadConfig({ envFile, profile: profile.settings, overrides });
  return { profile, config: { ...config, log: withLogFolder(config.log) } };
}

function withLogFolder(log: Config['log']): Config['log'] {
  return log.dir === undefined ? log : { ...log, dir: fromRoot(log.dir) };
}

/** A relative path of the configuration, as seen from the folder of this server. */
export function fromRoot(path: string): string {
  return resolve(ROOT, path);
}
