import { REDACTED } from './masked.js';

const IS_DATABASE =
  /Key \(|row contains \(|\$\d{1,5} = |nput (?:syntax|value) for|out of range|rray literal|params: |Duplicate entry '/;

// The fields of PostgreSQL's messages (https://www.postgresql.org/docs/current/protocol-error-fields.html), and what
// ORMs make of them. To the end of the line: a value may hold any sign, the one that ends it included.
const REPEATED: readonly (readonly [pattern: RegExp, shown: string])[] = [
  [/(Key \([^\n]{1,200}?\)=\()[^\n]*?(\) (?:already|is not|is still|conflicts)|$)/gm, `$1${REDACTED}$2`],
  [/(row contains \()[^\n]*/g, `$1${REDACTED})`],
  [/(\$\d{1,5} = )(?:'(?:[^']|'')*'?|[^\s,]+)/g, `$1${REDACTED}`],
  [/(invalid input (?:syntax|value) for [^:"\n]{1,80}: )"[^\n]*/g, `$1"${REDACTED}"`],
  [/((?:value|literal)[^:"\n]{0,20}(?:out of range|literal): )"[^\n]*/g, `$1"${REDACTED}"`],
  [/(value )"[^"\n]*"( is out of range)/g, `$1"${REDACTED}"$2`],
  [/((?:^|\n)params: )[^\n]+/g, `$1${REDACTED}`],
  [/(Duplicate entry )'[^\n]*?'( for key|$)/gm, `$1'${REDACTED}'$2`],
];

/** Masks the values of rows and queries that a database quotes in its messages. */
export function withoutRowValues(text: string): string {
  if (!IS_DATABASE.test(text)) return text;
  return REPEATED.reduce((clean, [pattern, shown]) => clean.replace(pattern, shown), text);
}
