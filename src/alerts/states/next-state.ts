import { SEVERITIES, type Severity } from '../thresholds/index.js';
import { saidOf, type AlertReport, type AlertState, type AlertStatus } from './alert-state.js';

/** What this instance says of an alert now; `none` takes back what it said, `unchanged` leaves it. */
export type OwnReport = AlertReport | 'none' | 'unchanged';

export interface StepContext {
  readonly now: number;
  readonly instance: string;
  readonly repeatMs: number;
  readonly tellingMs: number;
  /** A message of this instance about the alert is under way. */
  readonly isSending: boolean;
  /** This instance may send one more now. */
  readonly mayTell: boolean;
  readonly isSilenced: (state: AlertState) => boolean;
}

/** What people are to be told. */
export interface Message {
  readonly status: AlertStatus;
  readonly severity: Severity;
  /** Of the message before, as far as that one was not the end. */
  readonly previous: Severity | undefined;
  readonly isReminder: boolean;
  readonly heldBack: number;
}

export interface Step {
  /** Nothing when the alert can be forgotten. */
  readonly state: AlertState | undefined;
  readonly message?: Message;
  readonly isHeldBack?: 'silenced' | 'flood';
}

/** At most two messages about one alert within it. */
const FLOOD_MS = 60_000;

/** One step of an alert: what is known after this report, and whether to tell. */
export function nextState(before: AlertState, own: OwnReport, context: StepContext): Step {
  const { now, instance, tellingMs, isSending } = context;
  const state = afterReport(before, own, context);
  const wanted = wantedMessage(state, context);
  const { telling } = state;
  if (isSending) return { state: { ...state, telling: { by: instance, until: now + tellingMs } } };
  if (telling !== undefined && telling.until > now && telling.by !== instance) return { state };
  const free: AlertState = { ...state, telling: undefined };
  if (wanted === undefined) return { state: canForget(free, now) ? undefined : free };
  if (context.isSilenced(free)) {
    const silenced = `${wanted.status} ${wanted.severity}`;
    return { state: { ...free, silenced }, ...(free.silenced === silenced ? {} : { isHeldBack: 'silenced' }) };
  }
  if (isFlood(free, now) || !context.mayTell) {
    return { state: free, ...(free.changes > before.changes ? { isHeldBack: 'flood' } : {}) };
  }
  return {
    state: { ...free, silenced: undefined, telling: { by: instance, until: now + tellingMs } },
    message: wanted,
  };
}

/** After a message was taken by its receiver. */
export function toldState(state: AlertState, { status, severity }: Message, now: number): AlertState {
  const before = state.told?.at;
  return {
    ...state,
    telling: undefined,
    changes: 0,
    told: { status, severity, at: now, ...(before === undefined ? {} : { before }) },
  };
}

function afterReport(before: AlertState, own: OwnReport, { now, instance }: StepContext): AlertState {
  const reports = Object.fromEntries(
    Object.entries(before.reports).filter(([by, { until }]) => until > now && !(by === instance && own === 'none')),
  );
  if (typeof own === 'object') reports[instance] = own;
  const worst = Object.values(reports).sort((a, b) => rankOf(b.severity) - rankOf(a.severity) || b.at - a.at)[0];
  const status = worst === undefined ? 'resolved' : 'firing';
  const isChange = status !== before.status || (worst !== undefined && worst.severity !== before.latest.severity);
  const isNews = before.isCondition ? isChange : typeof own === 'object';
  return {
    ...before,
    reports,
    status,
    latest: worst === undefined ? before.latest : saidOf(worst),
    changes: before.changes + (isNews ? 1 : 0),
    startedAt: status === 'firing' && before.status === 'resolved' ? now : before.startedAt,
  };
}

function wantedMessage(state: AlertState, { now, repeatMs }: StepContext): Message | undefined {
  const { status, latest, told, changes, isCondition } = state;
  const heardOf = told?.status === 'firing' ? told.severity : undefined;
  const message = { status, severity: latest.severity, previous: heardOf, isReminder: false };
  if (status === 'resolved') {
    if (!isCondition || heardOf === undefined) return undefined;
    return { ...message, severity: heardOf, heldBack: Math.max(0, changes - 1) };
  }
  const isDue = told === undefined || now - told.at >= repeatMs;
  if (!isCondition) {
    const isNew = told === undefined || heardOf !== latest.severity || (isDue && changes > 0);
    return isNew ? { ...message, previous: undefined, heldBack: Math.max(0, changes - 1) } : undefined;
  }
  if (heardOf !== latest.severity) return { ...message, heldBack: Math.max(0, changes - 1) };
  return repeatMs > 0 && isDue ? { ...message, isReminder: true, heldBack: changes } : undefined;
}

function rankOf(severity: Severity): number {
  return SEVERITIES.indexOf(severity);
}

function isFlood({ told }: AlertState, now: number): boolean {
  return told?.before !== undefined && now - told.before < FLOOD_MS;
}

/** Kept for as long as it says how many messages there have been. */
function canForget({ status, told, isCondition }: AlertState, now: number): boolean {
  if (status === 'firing' || (isCondition && told?.status === 'firing')) return false;
  return told === undefined || now - told.at >= FLOOD_MS;
}
