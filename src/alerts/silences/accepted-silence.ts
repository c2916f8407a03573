import { randomUUID } from 'node:crypto';
import { isInteger, isOneOf, isText } from '../../core/checks.js';
import { requireOption, resolveOptions } from '../../core/options.js';
import { SEVERITIES } from '../thresholds/index.js';
import type { Silence, SilenceRequest } from './silence.js';

/** One that lasts longer is a rule that should be changed. */
const MAX_MS = 7 * 86_400_000;

/** Throws `ConfigError` for what is no silence. */
export function acceptedSilence(request: SilenceRequest, now: number): Silence {
  const { forMs, ...said } = resolveOptions<SilenceRequest, object>(
    'silence',
    request,
    {},
    {
      name: isText,
      resource: isText,
      severity: isOneOf(SEVERITIES),
      reason: isText,
      by: isText,
      forMs: isInteger(1, MAX_MS),
    },
  );
  requireOption('silence', 'forMs', forMs, 'every silence ends: say after how many milliseconds');
  requireOption('silence', 'reason', said.reason, 'say why, for whoever wonders');
  return { ...said, id: randomUUID(), until: now + forMs };
}
