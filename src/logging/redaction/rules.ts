import { LIMITS } from './limits.js';
import type { RedactorSettings } from './options.js';
import { SENSITIVE_FIELDS } from './sensitive-fields.js';
import { keyNaming, keyTest, remembered, type KeyTest } from './sensitive-key.js';
import { isCardNumber } from './text/card-numbers.js';
import { withoutEncodedRuns } from './text/encoded-runs.js';
import type { Scrub, ScrubStep } from './text/scrub.js';
import { createScrub, scrubSteps } from './text/scrubbed-text.js';
import { isSuspicious, TELLTALES } from './text/suspicion.js';
import { PatternSet } from './values/pattern-set.js';
import { createSecretValues, type SecretValues } from './values/secret-values.js';

/** What is a secret, by name, by shape and by value. */
export interface Rules {
  readonly isSensitive: KeyTest;
  readonly isSecretNumber: (value: number) => boolean;
  readonly scrub: Scrub;
  /** A user's id as it is shown: of an e-mail address the first letter and the domain. */
  readonly userId: Scrub;
  /** A key as it is shown. */
  shownKey(key: string): string;
  /** Whether a key says nothing about its value and is shown as it is, as nearly all are. */
  isPlainKey(key: string): boolean;
  /** Hides these values from now on. */
  registerSecrets(values: readonly string[]): void;
  /** Whether things that usually carry what a client sent are left out: the body of a parse error, a database's detail. */
  readonly hidesContent: boolean;
  /** Each way in which a secret is recognised, by itself. */
  readonly steps: readonly ScrubStep[];
}

// Base64 in base64, as a token in a message of a queue has it.
const MAX_DECODINGS = 2;
// The value of `value` may be named by a field beside it; `__proto__` is no field to write to.
const SPECIAL_KEYS: ReadonlySet<string> = new Set(['value', '__proto__']);
const MIN_CARD_NUMBER = 1e12;

const SHOWS_EVERYTHING: Rules = Object.freeze({
  isSensitive: () => false,
  isSecretNumber: () => false,
  scrub: (text: string) => text,
  userId: (text: string) => text,
  shownKey: (key: string) => key,
  isPlainKey: (key: string) => key !== '__proto__' && key.length <= LIMITS.keyLength,
  registerSecrets: () => undefined,
  hidesContent: false,
  steps: [],
});

interface RuleSettings extends Pick<RedactorSettings, 'redact' | 'sensitiveFields'> {
  /** Of the nested schema the user's id is an e-mail address, which its queries ask for. */
  readonly schema?: string;
}

export function createRules(settings: RuleSettings): Rules {
  if (!settings.redact) return SHOWS_EVERYTHING;
  const namingOf = keyNaming([...SENSITIVE_FIELDS, ...(settings.sensitiveFields ?? [])]);
  const isSensitive = keyTest(namingOf);
  const values = createSecretValues();
  const thorough = thoroughScrub(createScrub(isSensitive), values, MAX_DECODINGS);
  let telltales = new PatternSet(TELLTALES);
  const scrub: Scrub = (text) => (isSuspicious(text, isSensitive, telltales, values.isIn) ? thorough(text) : text);
  const isPlain = (key: string): boolean =>
    namingOf(key) === 'nothing' && !SPECIAL_KEYS.has(key) && key.length <= LIMITS.keyLength && scrub(key) === key;
  let shownKey = remembered(scrub);
  let isPlainKey = remembered(isPlain);

  return {
    isSensitive,
    isSecretNumber: (value) => value >= MIN_CARD_NUMBER && isCardNumber(String(value)),
    scrub,
    userId: settings.schema === 'nested' ? (text) => text : withoutLocalPart,
    shownKey: (key) => shownKey(key),
    isPlainKey: (key) => isPlainKey(key),
    registerSecrets(secrets) {
      values.register(secrets);
      telltales = new PatternSet([...TELLTALES, ...values.forms()]);
      // What was remembered of a key may be wrong from now on.
      shownKey = remembered(scrub);
      isPlainKey = remembered(isPlain);
    },
    hidesContent: true,
    steps: [
      { kind: 'registered value', scrub: (text) => values.without(text) },
      ...scrubSteps(isSensitive),
      { kind: 'encoded secret', scrub: thorough },
    ],
  };
}

const LOCAL_PART = /^([^@\s])[^@\s]{0,63}(?=@[^@\s]{1,255}$)/;

function withoutLocalPart(text: string): string {
  return text.replace(LOCAL_PART, '$1***');
}

function thoroughScrub(shapes: Scrub, values: SecretValues, decodingsLeft: number): Scrub {
  const known: Scrub = (text) => shapes(values.without(text));
  if (decodingsLeft === 0) return known;
  const inner = thoroughScrub(shapes, values, decodingsLeft - 1);
  return (text) => withoutEncodedRuns(known(text), inner);
}
