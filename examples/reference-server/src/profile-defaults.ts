import type { ConfigProfile } from 'express-runbook';
import { profileOf } from './profiles/index.js';

/** The settings of the profile that OPS_PROFILE names: what `express-runbook --profile` takes. */
export default function defaults(name: string): ConfigProfile {
  return profileOf(name).settings;
}
