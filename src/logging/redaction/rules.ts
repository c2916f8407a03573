import type { RedactorSettings } from './options.js';
import type { Scrub } from './scrub.js';
import { createScrub } from './scrubbed-text.js';
import { SENSITIVE_FIELDS } from './sensitive-fields.js';
import { keyTest, type KeyTest } from './sensitive-key.js';

/** What is a secret, by name and by shape. */
export interface Rules {
  readonly isSensitive: KeyTest;
  readonly scrub: Scrub;
  /** Whether things that usually carry what a client sent are left out: the body of a parse error, a database's detail. */
  readonly hidesContent: boolean;
}

const SHOWS_EVERYTHING: Rules = Object.freeze({
  isSensitive: () => false,
  scrub: (text: string) => text,
  hidesContent: false,
});

export function createRules(settings: Pick<RedactorSettings, 'redact' | 'sensitiveFields'>): Rules {
  if (!settings.redact) return SHOWS_EVERYTHING;
  const isSensitive = keyTest([...SENSITIVE_FIELDS, ...(settings.sensitiveFields ?? [])]);
  return { isSensitive, scrub: createScrub(isSensitive), hidesContent: true };
}
