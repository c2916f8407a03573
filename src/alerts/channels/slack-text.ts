import type { AlertEvent } from '../alert.js';

/** Slack cuts a text off above 40 000 characters; nobody reads as many. */
const MAX_TEXT = 3000;

/**
 * Somebody else's words as Slack shows them, and nothing more: `&`, `<` and `>` would begin links and mentions
 * (https://docs.slack.dev/messaging/formatting-message-text#escaping), and `@channel` calls everybody.
 */
export function slackEscaped(text: string): string {
  const short = text.length > MAX_TEXT ? `${text.slice(0, MAX_TEXT)}…` : text;
  return short
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replace(/@(?=channel|here|everyone|group)/gi, '@\u200b');
}

/** An alert in two lines. */
export function slackText(event: AlertEvent): string {
  const { status, severity, level, name, resource, message } = event;
  const word = status === 'resolved' ? 'RESOLVED' : (level ?? severity.toUpperCase());
  const what = resource === undefined ? name : `${name} (${resource})`;
  return slackEscaped(`[${word}] ${what}: ${message}\n${footOf(event).join(' · ')}`);
}

function footOf({
  status,
  service,
  severity,
  level,
  at,
  startedAt,
  isReminder,
  heldBack,
  runbook,
}: AlertEvent): string[] {
  const time = (ms: number): string => new Date(ms).toISOString().slice(0, 19).replace('T', ' ');
  return [
    service,
    ...(level === undefined ? [] : [severity]),
    ...(status === 'resolved' || isReminder ? [`since ${time(startedAt)} UTC`] : [`${time(at)} UTC`]),
    ...(isReminder ? ['still so'] : []),
    ...(heldBack > 0 ? [`${String(heldBack)} changes in between`] : []),
    ...(runbook === undefined ? [] : [runbook]),
  ];
}
