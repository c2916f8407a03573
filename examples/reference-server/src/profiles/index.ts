import { ConfigError } from 'express-runbook';
import { builder } from './builder.js';
import type { Profile } from './profile.js';

export type { Profile } from './profile.js';

const PROFILES: Readonly<Record<string, Profile>> = { builder };

/** The profile that `OPS_PROFILE` names; `builder` when it names none. */
export function profileOf(name = 'builder'): Profile {
  const profile = Object.hasOwn(PROFILES, name) ? PROFILES[name] : undefined;
  if (profile !== undefined) return profile;
  throw new ConfigError('ERR_ENVIRONMENT', 'OPS_PROFILE', `must be one of ${Object.keys(PROFILES).join(', ')}`);
}
