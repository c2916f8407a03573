import { BODY_FORMATS, type HealthFormat } from '../bodies/body-formats.js';

/** What a query string asks of a health path beyond the path itself. */
export interface Question {
  readonly excluded: ReadonlySet<string>;
  readonly isVerbose: boolean;
  readonly format?: HealthFormat;
}

/**
 * `?verbose` and `?exclude=<check>`, which may come several times, as the Kubernetes API server has them; `?format=` another
 * body of `/health`. Nothing when the query has none of them: probes put all kinds of things there.
 */
export function questionIn(url: string): Question | undefined {
  const start = url.indexOf('?');
  if (start === -1) return undefined;
  const query = new URLSearchParams(url.slice(start + 1));
  const excluded = new Set(query.getAll('exclude'));
  const format = query.get('format') ?? '';
  const question: Question = {
    excluded,
    isVerbose: query.has('verbose'),
    // It is one of the keys.
    ...(Object.hasOwn(BODY_FORMATS, format) ? { format: format as HealthFormat } : {}),
  };
  return excluded.size > 0 || question.isVerbose || question.format !== undefined ? question : undefined;
}
