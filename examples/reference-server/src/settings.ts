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
  const config = loadConfig({ envFile, profile: (name) => profileOf(name).settings, overrides });
  return { profile: profileOf(config.profile), config: withPaths(config) };
}

function withPaths(config: Config): Config {
  const { log, metrics, profileDir, maintenanceFile, backupDir, uploadsDir } = config;
  return {
    ...config,
    log: { ...log, dir: whenSet(log.dir), auditDir: whenSet(log.auditDir) },
    metrics: { ...metrics, tlsCertificate: whenSet(metrics.tlsCertificate) },
    profileDir: fromRoot(profileDir),
    backupDir: fromRoot(backupDir),
    uploadsDir: fromRoot(uploadsDir),
    maintenanceFile: whenSet(maintenanceFile),
  };
}

function whenSet(path: string | undefined): string | undefined {
  return path === undefined ? undefined : fromRoot(path);
}

/** A relative path of the configuration, as seen from the folder of this server. */
export function fromRoot(path: string): string {
  return resolve(ROOT, path);
}
