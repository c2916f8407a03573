import { DEFAULT_PROFILE } from '../config.js';
import type { ConfigOptions } from '../options.js';
import { readSaying } from './read-values.js';
import { RANK, sayings, type Source } from './sources.js';

/** The sources with the profile below them. */
export function withProfile(sources: readonly Source[], profile: ConfigOptions['profile']): readonly Source[] {
  const values = typeof profile === 'function' ? profile(profileNameIn(sources)) : (profile ?? {});
  return [...sources, { rank: RANK.profile, place: 'set by the profile', values, isBlankUnset: false }];
}

/** A bad name is reported with all the others; until then the default stands in. */
function profileNameIn(sources: readonly Source[]): string {
  const [saying] = sayings('OPS_PROFILE', sources);
  const reading = saying === undefined ? undefined : readSaying('OPS_PROFILE', saying);
  // The kind of OPS_PROFILE reads nothing else.
  return reading === undefined || 'problem' in reading ? DEFAULT_PROFILE : (reading.value as string);
}
