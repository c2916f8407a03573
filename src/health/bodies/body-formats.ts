import type { HealthReport } from '../health-report.js';
import { checkObjects, checkWords, connectionWords } from './components.js';
import { CHECKS_WORDS, DETAILS_WORDS, FLAT_WORDS, timestampOf, WORDS_WORDS, type Vocabulary } from './vocabulary.js';

/**
 * `details`: checks as objects under `details`, the flat keys beside it; `checks`: as objects under `checks`; `words`: as one
 * word each under `checks`; `flat`: top-level keys only.
 */
export type HealthFormat = 'details' | 'checks' | 'words' | 'flat';

export interface BodyFormat {
  readonly words: Vocabulary;
  /** The body of `/health`; keys that are undefined stay out of the JSON. */
  readonly bodyOf: (report: HealthReport) => object;
}

export const BODY_FORMATS: Readonly<Record<HealthFormat, BodyFormat>> = {
  details: {
    words: DETAILS_WORDS,
    bodyOf: (report) => ({
      ...head(report, DETAILS_WORDS),
      state: report.state,
      uptime: Math.floor(report.uptimeSeconds),
      version: report.version,
      ...connectionWords(report.checks),
      details: checkObjects(report.checks, DETAILS_WORDS),
    }),
  },
  checks: {
    words: CHECKS_WORDS,
    bodyOf: (report) => ({
      ...head(report, CHECKS_WORDS),
      state: report.state,
      uptime: Math.floor(report.uptimeSeconds),
      version: report.version,
      checks: checkObjects(report.checks, CHECKS_WORDS),
    }),
  },
  words: {
    words: WORDS_WORDS,
    bodyOf: (report) => ({
      ...head(report, WORDS_WORDS),
      version: report.version,
      checks: checkWords(report.checks, WORDS_WORDS),
    }),
  },
  flat: {
    words: FLAT_WORDS,
    bodyOf: (report) => ({
      ...head(report, FLAT_WORDS),
      uptime: Math.floor(report.uptimeSeconds),
      ...connectionWords(report.checks),
      version: report.version,
    }),
  },
};

function head(report: HealthReport, words: Vocabulary): { status: string; timestamp: string } {
  return { status: words.overall[report.status], timestamp: timestampOf(report.reportedAt, words) };
}
