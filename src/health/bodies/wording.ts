import { answerOf, byDetails, evenAnswerOf, forEverybody, textAnswerOf, type Answers } from '../http/answer.js';
import { BODY_FORMATS, bodyFormatOf, type HealthFormat } from './body-formats.js';
import { checkObject, checkWords } from './components.js';
import { verboseText } from './verbose-text.js';
import { timestampOf } from './vocabulary.js';
import type { CheckReport } from '../engine/check-report.js';
import type { HealthReport, OverallStatus } from '../health-report.js';
import type { HealthSettings } from '../options.js';
import { bareCheck, bareReport } from './shown-report.js';
import type { HealthEndpoint } from '../status-codes.js';

/** Puts reports into the words and status codes of the settings. */
export interface Wording {
  liveness(): Answers;
  /** Of readiness and startup: status and names, for everybody. */
  probe(report: HealthReport): Answers;
  /** Of `/health`; another format than that of the settings has its own words. */
  health(report: HealthReport, format?: HealthFormat): Answers;
  check(endpoint: HealthEndpoint, check: CheckReport): Answers;
  verbose(endpoint: HealthEndpoint, report: HealthReport, excluded: readonly string[]): Answers;
}

export function createWording(settings: HealthSettings): Wording {
  const ours = bodyFormatOf(settings);
  const { words } = ours;

  function codeOf(endpoint: HealthEndpoint, status: OverallStatus): number {
    if (status === 'error') return 503;
    return status === 'degraded' && endpoint === 'health' ? settings.statusCodes.degraded : 200;
  }

  return {
    liveness() {
      return forEverybody(answerOf(200, { status: words.overall.ok, timestamp: timestampOf(settings.now(), words) }));
    },
    probe({ status, state, reportedAt, checks }) {
      const head = { status: words.overall[status], timestamp: timestampOf(reportedAt, words), state };
      return forEverybody(answerOf(codeOf('readiness', status), { ...head, checks: checkWords(checks, words) }));
    },
    health(report, format = settings.format) {
      const { bodyOf, words: spoken } = format === settings.format ? ours : BODY_FORMATS[format];
      return byDetails((hasDetails) =>
        evenAnswerOf(codeOf('health', report.status), bodyOf(hasDetails ? report : bareReport(report), spoken)),
      );
    },
    check(endpoint, check) {
      const overall = check.status === 'up' ? 'ok' : check.status === 'down' ? 'error' : 'degraded';
      const timestamp = timestampOf(check.checkedAt, words);
      return byDetails((hasDetails) =>
        answerOf(codeOf(endpoint, overall), {
          ...checkObject(hasDetails ? check : bareCheck(check), words),
          timestamp,
        }),
      );
    },
    verbose: (endpoint, report, excluded) =>
      forEverybody(textAnswerOf(codeOf(endpoint, report.status), verboseText(endpoint, report, excluded))),
  };
}
