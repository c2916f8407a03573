import { isSilenced } from '../silences/silence.js';
import type { Severity } from '../thresholds/index.js';
import type { Loaded } from './board.js';

/** An alert that is on. */
export interface ActiveAlert {
  readonly key: string;
  readonly name: string;
  readonly resource?: string;
  readonly severity: Severity;
  readonly message: string;
  /** Milliseconds since 1970. */
  readonly startedAt: number;
  readonly isSilenced: boolean;
}

export function activeAlerts({ now, states, silences }: Loaded): ActiveAlert[] {
  return [...states]
    .filter(([, { status }]) => status === 'firing')
    .map(
      ([
        key,
        {
          name,
          resource,
          latest: { severity, message },
          startedAt,
        },
      ]) => ({
        ...{ key, name, severity, message, startedAt },
        ...(resource === undefined ? {} : { resource }),
        isSilenced: isSilenced(silences, { name, resource, severity }, now),
      }),
    );
}
