import { withDeadline } from '../core/deadline.js';
import { alertKey } from './alert-key.js';
import type { Alerts } from './alerts.js';
import { cleaned } from './cleaned.js';
import type { IsKnown } from './conditions/conditions.js';
import { sentEventOf } from './event-of.js';
import { createNotices } from './notices.js';
import { resolveAlertsOptions, type AlertsOptions } from './options.js';
import { reportedRules } from './reported.js';
import { acceptedSilence } from './silences/accepted-silence.js';
import { activeAlerts } from './states/active-alerts.js';
import { SEVERITIES } from './thresholds/index.js';
import { createTicker } from './ticker.js';
import { createWatch } from './watch.js';
import { wiredAlerts } from './wired.js';

const CLOSE_MS = 2000;

/**
 * Watches rules and tells people, in the process itself: for services without Prometheus, and for what they want to say themselves.
 * A rule must be broken at every look for its hold time; each alert is told once, again when it becomes worse or goes on, and when it
 * is over; never more than two messages about one alert within a minute. Nothing of it fails or delays a request.
 *
 * Messages go out on their own connections, one queue per channel. With a store that is shared (`alertTables`) an alert that several
 * instances see is told once.
 *
 * @example
 * const alerts = createAlerts({
 *   service: 'orders',
 *   rules: ALERT_PRESETS.builder.rules,
 *   channels: [slackChannel({ url: slackWebhookUrl })],
 *   registry: ops.metrics.registry,
 *   health: () => ops.health.report(),
 *   logger: ops.logger,
 * });
 * ops.addAlerts(alerts);
 */
export function createAlerts(options: AlertsOptions): Alerts {
  const settings = resolveAlertsOptions(options);
  const { service, logger, now, redactor } = settings;
  const { board, delivery, teller, metrics, report, inTurn, onTooMany } = wiredAlerts(settings);
  const watch = createWatch(settings);
  const notices = createNotices(settings, (reports) => report(reports, false), onTooMany);

  async function look(): Promise<void> {
    const { states } = board.latest();
    const isKnown: IsKnown = (name, resource, severity) => {
      const told = states.get(alertKey(service, 'rule', name, resource))?.told;
      return told?.status === 'firing' && SEVERITIES.indexOf(told.severity) >= SEVERITIES.indexOf(severity);
    };
    const { found, isWhole } = await watch.look(isKnown);
    metrics.evaluated(isWhole ? 'ok' : 'failed');
    await report(reportedRules(found, settings), true);
  }

  const ticker = createTicker(look, settings);
  return {
    sendAlert(alert) {
      const said = cleaned(alert, redactor);
      delivery.keep(sentEventOf(said, now(), settings));
      notices.add(said);
      return Promise.resolve();
    },
    healthChanged: ticker.soon,
    tick: ticker.now,
    active: () => activeAlerts(board.latest()),
    async silence(request) {
      const silence = acceptedSilence(request, now());
      logger.info({ ...silence }, 'Alerts are silenced');
      await inTurn(() => board.addSilence(silence));
      return silence;
    },
    silences: () => board.latest().silences,
    endSilence: (id) => inTurn(() => board.endSilence(id)),
    async flush() {
      await notices.settled();
      await teller.settled();
      await delivery.flush();
    },
    async close() {
      ticker.stop();
      watch.close();
      // A store that hangs must not take the time of the channels.
      await withDeadline(notices.settled(), CLOSE_MS / 2);
      const left = await delivery.close(CLOSE_MS);
      // What was told must be known as told, or another instance tells it again.
      await withDeadline(teller.settled(), CLOSE_MS / 2);
      return left;
    },
  };
}
