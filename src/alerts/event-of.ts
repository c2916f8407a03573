import { randomUUID } from 'node:crypto';
import type { Alert, AlertEvent } from './alert.js';
import { alertKey } from './alert-key.js';
import type { Telling } from './states/rounds.js';
import { incidentLevelOf, type IncidentLevel, type Severity } from './thresholds/index.js';

interface About {
  readonly service: string;
  readonly levels?: readonly IncidentLevel[] | undefined;
}

/** The message that is to be sent. */
export function eventOf({ key, state, message, now }: Telling, about: About): AlertEvent {
  const { latest, name, resource, startedAt } = state;
  const { status, severity, isReminder, heldBack } = message;
  return {
    ...{ id: randomUUID(), key, service: about.service, status, name, severity, message: latest.message },
    ...{ metadata: latest.metadata, at: now, startedAt, isReminder, heldBack },
    ...levelOf(about, severity),
    ...(resource === undefined ? {} : { resource }),
    ...(latest.runbook === undefined ? {} : { runbook: latest.runbook }),
  };
}

/** What was sent, for the log and the store. */
export function sentEventOf(alert: Alert & Pick<AlertEvent, 'metadata'>, now: number, about: About): AlertEvent {
  const key = alertKey(about.service, 'sent', alert.name, alert.resource);
  const { severity } = alert;
  return {
    ...{ ...alert, id: randomUUID(), key, service: about.service, status: 'firing', at: now, startedAt: now },
    ...{ isReminder: false, heldBack: 0 },
    ...levelOf(about, severity),
  };
}

function levelOf({ levels }: About, severity: Severity): { level?: string } {
  const level = levels === undefined ? undefined : incidentLevelOf(levels, severity);
  return level === undefined ? {} : { level: level.name };
}
