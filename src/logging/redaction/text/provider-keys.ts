import { REDACTED, withShortenedKeys } from './masked.js';

// Each begins with what its provider writes in front so that scanners find it.
const PREFIXED = [
  String.raw`(?:AKIA|ASIA)[0-9A-Z]{16}\b`,
  String.raw`gh[opsru]_[A-Za-z0-9]{20,}`,
  String.raw`github_pat_\w{20,}`,
  String.raw`glpat-[\w-]{16,}`,
  String.raw`xox[abeprs]-[\w-]{10,}`,
  String.raw`AIza[\w-]{30,}`,
  String.raw`ya29\.[\w-]{10,}`,
  String.raw`npm_[A-Za-z0-9]{30,}`,
  String.raw`sk-[\w-]{16,}`,
  String.raw`SG\.[\w-]{16,}\.[\w-]{16,}`,
  String.raw`whsec_[\w+/=]{16,}`,
  String.raw`hvs\.[\w-]{20,}`,
];
const PREFIXED_KEY = new RegExp(String.raw`\b(?:${PREFIXED.join('|')})`, 'g');
// One of the signs that all of them have, in a few words: most texts have none.
const MARK = /A[KS]IA|gh[opsru]_|pat_|glpat|xox|AIza|ya29|npm_|sk-|SG\.|whsec|hvs\.|hooks\./;
const WEBHOOK = /(hooks\.slack\.com\/services\/)[\w/-]{8,}/g;

/** Keys of the providers that mark theirs; ours and those of payment providers keep their first twelve characters. */
export function withoutProviderKeys(text: string): string {
  const shortened = withShortenedKeys(text);
  if (!MARK.test(shortened)) return shortened;
  return shortened.replace(PREFIXED_KEY, REDACTED).replace(WEBHOOK, `$1${REDACTED}`);
}
