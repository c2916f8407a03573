import type { ShownReport } from './shown-report.js';
import { checkObjects, checkWords, connectionWords } from './components.js';
import {
  CHECKS_WORDS,
  CONNECTION_WORDS,
  DETAILS_WORDS,
  FLAT_WORDS,
  timestampOf,
  WORDS_WORDS,
  type HealthWords,
  type TimestampPrecision,
  type Vocabulary,
} from './vocabulary.js';

/**
 * `details`: checks as objects under `details`, the flat keys beside it; `checks`: as objects under `checks`; `words`: as one
 * word each under `checks`; `flat`: top-level keys only.
 */
export type HealthFormat = 'details' | 'checks' | 'words' | 'flat';

export interface BodyFormat {
  readonly words: Vocabulary;
  /** The body of `/health`; keys that are undefined stay out of the JSON. */
  readonly bodyOf: (report: ShownReport, words: Vocabulary) => object;
}

export const BODY_FORMATS: Readonly<Record<HealthFormat, BodyFormat>> = {
  details: {
    words: DETAILS_WORDS,
    bodyOf: (report, words) => ({
      ...head(report, words),
      state: report.state,
      uptime: wholeSeconds(report),
      version: report.version,
      ...connectionWords(report.checks, CONNECTION_WORDS),
      details: checkObjects(report.checks, words),
    }),
  },
  checks: {
    words: CHECKS_WORDS,
    bodyOf: (report, words) => ({
      ...head(report, words),
      state: report.state,
      uptime: wholeSeconds(report),
      version: report.version,
      checks: checkObjects(report.checks, words),
    }),
  },
  words: {
    words: WORDS_WORDS,
    bodyOf: (report, words) => ({
      ...head(report, words),
      version: report.version,
      checks: checkWords(report.checks, words),
    }),
  },
  flat: {
    words: FLAT_WORDS,
    bodyOf: (report, words) => ({
      ...head(report, words),
      uptime: wholeSeconds(report),
      ...connectionWords(report.checks, words.check),
      version: report.version,
    }),
  },
};

interface Wording {
  readonly format: HealthFormat;
  readonly words: HealthWords;
  readonly timestampPrecision?: TimestampPrecision;
}

/** The format that a router has, with the words that its options put in place of the format's own. */
export function bodyFormatOf({ format, words, timestampPrecision }: Wording): BodyFormat {
  const own = BODY_FORMATS[format];
  return {
    bodyOf: own.bodyOf,
    words: {
      overall: { ...own.words.overall, ...words.overall },
      check: { ...own.words.check, ...words.check },
      timestampPrecision: timestampPrecision ?? own.words.timestampPrecision,
    },
  };
}

function head(report: ShownReport, words: Vocabulary): { status: string; timestamp: string } {
  return { status: words.overall[report.status], timestamp: timestampOf(report.reportedAt, words) };
}

function wholeSeconds({ uptimeSeconds }: ShownReport): number | undefined {
  return uptimeSeconds === undefined ? undefined : Math.floor(uptimeSeconds);
}
