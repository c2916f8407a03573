import type { Registry } from 'prom-client';
import { withDeadline } from '../../core/deadline.js';
import type { Logger } from '../../core/logger.js';
import { counter, gauge } from '../../instruments/instruments.js';
import type { AlertEvent } from '../alert.js';
import type { Severity } from '../thresholds/index.js';
import { accepts, STORE, type AlertChannel } from '../channels/channel.js';
import { createOutbox, OUTCOMES, type Outbox, type OutboxSettings, type Outcome } from './outbox.js';

export interface DeliverySpec extends OutboxSettings {
  readonly channels: readonly AlertChannel[];
  /** Keeps every message. */
  readonly append: ((event: AlertEvent) => Promise<void>) | undefined;
  readonly logger: Logger;
  readonly registry: Registry | undefined;
}

export interface Delivery {
  /** Keeps a message: in the log and in the store. */
  keep(event: AlertEvent): void;
  /**
   * Sends a message by every channel that is for it. `previous` is the severity of the last message: a channel that is for that one
   * and not for this one hears that it is over. Says whether anybody was told, or nobody was to be told.
   */
  send(event: AlertEvent, previous: Severity | undefined): Promise<boolean>;
  /** Resolves when nothing waits. */
  flush(): Promise<void>;
  /** Sends what waits within this time, without pauses; gives the number of messages that were left. */
  close(timeoutMs: number): Promise<number>;
}

export function createDelivery(spec: DeliverySpec): Delivery {
  const { channels, append, logger, registry } = spec;
  const countFor = messageCounter(registry);
  const outboxOf = (channel: AlertChannel): Outbox => createOutbox({ ...spec, channel, count: countFor(channel.name) });
  const outboxes = channels.map((channel) => ({ channel, outbox: outboxOf(channel) }));
  const store = append === undefined ? undefined : outboxOf({ name: STORE, send: append });
  const all = [...outboxes.map(({ outbox }) => outbox), ...(store === undefined ? [] : [store])];
  const waiting = (): number => all.reduce((sum, outbox) => sum + outbox.waiting(), 0);
  showWaiting(registry, [...channels.map(({ name }) => name), ...(store === undefined ? [] : [STORE])], all);

  async function flush(): Promise<void> {
    await Promise.all(all.map((outbox) => outbox.empty()));
  }

  return {
    keep(event) {
      say(logger, event);
      void store?.put(event);
    },
    async send(event, previous) {
      const sending = outboxes.flatMap(({ channel, outbox }) => {
        if (accepts(channel, event.severity)) return [outbox.put(event)];
        const hasHeard = previous !== undefined && accepts(channel, previous);
        return hasHeard ? [outbox.put({ ...event, status: 'resolved', severity: previous })] : [];
      });
      return sending.length === 0 || firstSuccess(sending);
    },
    flush,
    async close(timeoutMs) {
      for (const outbox of all) outbox.hurry();
      await withDeadline(flush(), timeoutMs);
      const left = waiting();
      if (left > 0) logger.error({ messages: left }, 'Alerts were not sent before the end');
      for (const outbox of all) outbox.abandon();
      return left;
    },
  };
}

/** ALR-23: every alert is a line `ALERT: <name>`. */
function say(
  logger: Logger,
  { name, severity, message, metadata, status, resource, isReminder, key }: AlertEvent,
): void {
  const fields = { severity, message, metadata, ...(resource === undefined ? {} : { resource }) };
  if (status === 'resolved') logger.info({ ...fields, alertKey: key }, `Alert resolved: ${name}`);
  else logger.error({ ...fields, ...(isReminder ? { isReminder } : {}) }, `ALERT: ${name}`);
}

/** True with the first that is true; false when none was. */
function firstSuccess(outcomes: readonly Promise<boolean>[]): Promise<boolean> {
  const successes = outcomes.map(async (one) => (await one) || Promise.reject(new Error('not sent')));
  return Promise.any(successes).catch(() => false);
}

function messageCounter(registry: Registry | undefined): (channel: string) => (outcome: Outcome) => void {
  if (registry === undefined) return () => () => undefined;
  const messages = counter(registry, {
    name: 'alerts_messages_total',
    help: 'Messages about alerts, by channel: sent, failed for good, or dropped because too many waited.',
    labelNames: ['channel', 'outcome'],
  });
  return (channel) => {
    for (const outcome of OUTCOMES) messages.inc({ channel, outcome }, 0);
    return (outcome) => messages.inc({ channel, outcome });
  };
}

function showWaiting(registry: Registry | undefined, names: readonly string[], outboxes: readonly Outbox[]): void {
  if (registry === undefined || names.length === 0) return;
  gauge(registry, {
    name: 'alerts_waiting',
    help: 'Messages about alerts that wait to be sent, by channel.',
    labelNames: ['channel'],
    collect() {
      for (const [index, channel] of names.entries()) this.set({ channel }, outboxes[index]?.waiting() ?? 0);
    },
  });
}
