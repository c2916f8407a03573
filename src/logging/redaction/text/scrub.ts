/** Gives back the text without its secrets. */
export type Scrub = (text: string) => string;

/** What a finding is called, in reports that must not show it. */
export type SecretKind =
  | 'sensitive field'
  | 'private key'
  | 'JSON web token'
  | 'provider key'
  | 'authorization or cookie header'
  | 'password in a URL'
  | 'card number'
  | 'value in a database message'
  | 'value in a parse error'
  | 'registered value'
  | 'encoded secret';

/** One way to recognise secrets. */
export interface ScrubStep {
  readonly kind: SecretKind;
  readonly scrub: Scrub;
}
