import { alertKey } from './alert-key.js';
import type { Found } from './conditions/conditions.js';
import type { AlertsSettings } from './options.js';
import type { Reported } from './states/rounds.js';

/** What one instance says counts for as long, so that a late look ends no alert. */
const MIN_KNOWN_MS = 45_000;

/** What this instance has found, for the board. */
export function reportedRules(
  found: readonly Found[],
  { service, intervalMs, redactor }: AlertsSettings,
): ReadonlyMap<string, Reported> {
  const knownMs = Math.max(3 * intervalMs, MIN_KNOWN_MS);
  return new Map(
    found.map(({ name, resource, message, ...said }) => [
      alertKey(service, 'rule', name, resource),
      {
        name,
        ...(resource === undefined ? {} : { resource }),
        isCondition: true,
        report: (at) => ({ ...said, message: redactor?.text(message) ?? message, at, until: at + knownMs }),
      },
    ]),
  );
}
