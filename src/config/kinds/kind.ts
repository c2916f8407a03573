/** What a text turned out to be. A problem says "must be …" and never repeats the text, which may be a secret in the wrong place. */
export type Reading<Value> = { readonly value: Value } | { readonly problem: string };

/** One kind of value that a variable can hold. */
export interface Kind<Value> {
  /** For the documentation: what one may write. */
  readonly accepts: string;
  /** `text` is trimmed; it is empty only when a profile or an option said so. */
  read(text: string): Reading<Value>;
}
