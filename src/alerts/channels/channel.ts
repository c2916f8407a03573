import { hasMethods, isListOf, isOneOf, isText } from '../../core/checks.js';
import { ConfigError } from '../../core/config-error.js';
import type { AlertEvent } from '../alert.js';
import { SEVERITIES, type Severity } from '../thresholds/index.js';

/** A way to people. Write one by giving it a name and a `send`. */
export interface AlertChannel {
  /** In metrics and log lines. */
  readonly name: string;
  /**
   * Which alerts it is for.
   * @default all
   */
  readonly severities?: readonly Severity[];
  /**
   * Resolves once the message is taken, rejects when it is not: then it is tried again, unless an `AlertChannelError` says
   * otherwise. `signal` is aborted when it has taken too long.
   */
  send(event: AlertEvent, signal: AbortSignal): Promise<void>;
}

export function accepts({ severities }: AlertChannel, severity: Severity): boolean {
  return severities?.includes(severity) ?? true;
}

/** The name of the store among the channels, in metrics and lines. */
export const STORE = 'database';

/** Throws `ConfigError` for what is no channel, or has the name of another one. */
export function acceptedChannels(channels: readonly AlertChannel[]): readonly AlertChannel[] {
  const names = new Set<string>([STORE]);
  for (const [index, channel] of channels.entries()) {
    const option = `createAlerts.channels[${String(index)}]`;
    const { name, severities } = channel;
    const problem =
      hasMethods('send')(channel) ??
      isText(name) ??
      (severities === undefined ? undefined : isListOf(isOneOf(SEVERITIES))(severities)) ??
      (names.has(name) ? 'must have a name of its own' : undefined);
    if (problem !== undefined) throw new ConfigError('ERR_OPTION_INVALID', option, problem);
    names.add(name);
  }
  return channels;
}
