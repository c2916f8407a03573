import type { Alert } from './alert.js';
import type { Silence, SilenceRequest } from './silences/silence.js';
import type { ActiveAlert } from './states/active-alerts.js';

export interface Alerts {
  /**
   * Has people know: a line `ALERT: <name>`, a row in the store, and a message by every channel that is for its severity. All but the
   * line happens later: it resolves at once, and never rejects. The same alert (name and resource) within `repeatMs` is one message.
   */
  readonly sendAlert: (alert: Alert) => Promise<void>;
  /** Looks at the rules soon, because the health of the service has changed: for `onChange` of the health router. */
  readonly healthChanged: () => void;
  /** Looks at the rules now; resolves when the messages that come of it wait to be sent. */
  tick(): Promise<void>;
  /** What is on, as of the latest look. */
  active(): readonly ActiveAlert[];
  /** Has nobody told of some alerts for a while; on every instance that shares the store. Throws `ConfigError` for what is no silence. */
  silence(request: SilenceRequest): Promise<Silence>;
  /** Those that have not ended, as of the latest look. */
  silences(): readonly Silence[];
  /** Says whether there was one. */
  endSilence(id: string): Promise<boolean>;
  /** Resolves when nothing waits to be sent. */
  flush(): Promise<void>;
  /**
   * Looks at nothing any more and sends what waits, for two seconds at most, with another second before and after it for a store that
   * is slow; gives the number of messages that were left. Safe to call twice.
   */
  close(): Promise<number>;
}
