import type { AlertChannel, AlertEvent } from 'express-runbook/alerts';

/** Takes every message. */
export function recordingChannel(about: Partial<AlertChannel> = {}): AlertChannel & { readonly events: AlertEvent[] } {
  const events: AlertEvent[] = [];
  return {
    name: 'recorder',
    ...about,
    events,
    send: (event) => {
      events.push(event);
      return Promise.resolve();
    },
  };
}

/** Status, severity and name of messages, in order. */
export function told(events: readonly AlertEvent[]): string[] {
  return events.map(({ status, severity, name, isReminder }) => {
    return `${status} ${severity} ${name}${isReminder ? ' again' : ''}`;
  });
}
