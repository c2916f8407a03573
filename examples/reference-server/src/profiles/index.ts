import { ConfigError } from 'express-runbook';
import { beo } from './beo.js';
import { booky } from './booky.js';
import { builder } from './builder.js';
import { codebook } from './codebook.js';
import { ordo } from './ordo.js';
import type { Profile } from './profile.js';

export type { Profile } from './profile.js';

const PROFILES: Readonly<Record<string, Profile>> = { builder, codebook, ordo, booky, beo };

export const PROFILE_NAMES: readonly string[] = Object.keys(PROFILES);

/** The profile that `OPS_PROFILE` names. */
export function profileOf(name: string): Profile {
  const profile = Object.hasOwn(PROFILES, name) ? PROFILES[name] : undefined;
  if (profile !== undefined) return profile;
  throw new ConfigError('ERR_ENVIRONMENT', 'OPS_PROFILE', `must be one of ${PROFILE_NAMES.join(', ')}`);
}
