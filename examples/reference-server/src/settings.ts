import { join, resolve } from 'node:path';
import { loadConfig, type Config } from 'express-runbook';
import { profileOf, type Profile } from './profiles/index.js';
import { ROOT } from './root.js';

export interface Settings {
  readonly profile: Profile;
  readonly config: Config;
}

/** Environment and `.env` of this folder over the profile that `OPS_PROFILE` names. */
export function loadSettings(): Settings {
  const envFile = join(ROOT, '.env');
  const { profile: name } = loadConfig({ envFile });
  const profile = profileOf(name);
  return { profile, config: loadConfig({ envFile, profile: profile.settings }) };
}

/** A relative path of the configuration, as seen from the folder of this server. */
export function fromRoot(path: string): string {
  return resolve(ROOT, path);
}
