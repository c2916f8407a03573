/**
 * What a client may send as the id of its request: inputs 42 to 65 of the corpus, and those of 3 to 7 as ids. What is expected
 * of all: one id that is sane, the same in header, lines and body.
 */
type Id = readonly [input: number, what: string, id: string];

/** A fresh id takes the place of these, and they are counted. */
export const REPLACED: readonly Id[] = [
  [3, 'a tab in it', 'a\tb'],
  [4, 'a C1 control that a terminal obeys', 'a\u009b2J'],
  [5, 'a C1 line break', 'a\u0085b'],
  [6, 'bytes that are no text', '\u00ff\u00fe'],
  [7, 'a right-to-left override in UTF-8', 'a\u00e2\u0080\u00aeb'],
  [42, 'nothing in it', ''],
  [43, 'blanks alone', '   '],
  [44, 'two ids in one header', 'a, b'],
  [46, '129 characters', 'x'.repeat(129)],
  [47, '8 000 characters', 'x'.repeat(8000)],
  [49, 'an encoded header', '%0d%0aSet-Cookie:'],
  [50, 'a forged log line', '","level":60,"msg":"FORGED'],
  [51, 'a JNDI lookup', '${jndi:ldap://..}'],
  [52, 'markup', '<script>'],
  [53, 'a path that climbs', '../../etc/passwd'],
  [54, 'SQL', "'; DROP TABLE"],
  [55, 'a template', '{{7*7}}'],
  [56, 'format signs', '%s%n%x%o'],
  [57, 'the name of a prototype', '__proto__'],
  [57, 'the name of a constructor', 'constructor'],
  [59, 'a label that breaks out', 'a"} 1\\nevil{'],
];

/**
 * Taken as they are. The words of 58 are ids like others: the rule for ids has no shortest length, and nothing here takes them
 * for a missing value.
 */
export const TAKEN: readonly Id[] = [
  [45, '128 characters', 'x'.repeat(128)],
  [58, 'a word that is no value', 'null'],
  [58, 'another word that is no value', 'undefined'],
  [60, 'a UUID in upper case', '550E8400-E29B-41D4-A716-446655440000'],
  [0, 'a word of the client', 'my-trace-123'],
  [0, 'all signs that may be', 'a/b:c@d+e=f.g_h'],
  [0, 'one digit', '7'],
];

/** A line break in an id begins another header, which must not become one of the answer: input 48. */
export const SPLITTING = { input: 48, header: 'X-Request-ID: abc\r\nX-Injected: 1' };

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const VALID = `00-${TRACE}-00f067aa0ba902b7-01`;

/** Headers of a trace that begin a new one, or go on without their state; `refused` is what is counted. */
export const TRACES: readonly {
  readonly input: number;
  readonly what: string;
  readonly headers: readonly string[];
  readonly refused: 'traceparent' | 'tracestate';
}[] = [
  {
    input: 61,
    what: 'a trace of zeros',
    headers: [`traceparent: 00-${'0'.repeat(32)}-00f067aa0ba902b7-01`],
    refused: 'traceparent',
  },
  {
    input: 61,
    what: 'a span of zeros',
    headers: [`traceparent: 00-${TRACE}-${'0'.repeat(16)}-01`],
    refused: 'traceparent',
  },
  { input: 62, what: 'version ff', headers: [`traceparent: ff${VALID.slice(2)}`], refused: 'traceparent' },
  { input: 63, what: 'upper case', headers: [`traceparent: ${VALID.toUpperCase()}`], refused: 'traceparent' },
  {
    input: 64,
    what: '55 characters with dashes elsewhere',
    headers: [`traceparent: 00${TRACE.slice(0, 1)}-${TRACE.slice(1)}-00f067aa0ba902b7-01`],
    refused: 'traceparent',
  },
  {
    input: 65,
    what: 'a state of 10 kB',
    headers: [`traceparent: ${VALID}`, `tracestate: a=${'x'.repeat(10_000)}`],
    refused: 'tracestate',
  },
  {
    input: 65,
    what: 'a state of 33 members',
    headers: [`traceparent: ${VALID}`, `tracestate: ${Array.from({ length: 33 }, (_, n) => `m${n}=1`).join()}`],
    refused: 'tracestate',
  },
];
