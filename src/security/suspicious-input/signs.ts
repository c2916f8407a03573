export const SUSPICIONS = ['sql', 'traversal', 'script', 'null_byte'] as const;

export type Suspicion = (typeof SUSPICIONS)[number];

const SPACE = String.raw`(?:\s|\+|/\*[^*]{0,32}\*/){1,8}`;

// What scanners and the tools of attackers send, and people hardly ever write. Each repetition is bounded: a text cannot make them slow.
const SQL = [
  String.raw`\bunion${SPACE}(?:all${SPACE})?select\b`,
  String.raw`['"]\s{0,8}(?:or|and)\b\s{0,8}['"\d(]`,
  String.raw`\bor${SPACE}(\d{1,8})\s{0,8}=\s{0,8}\1\b`,
  String.raw`;\s{0,8}(?:drop|delete|insert|update|alter|truncate|exec|shutdown)${SPACE}\w`,
  String.raw`['"]\s{0,8};?\s{0,8}--`,
  String.raw`\b(?:pg_sleep|sleep|benchmark|xp_cmdshell|load_file)\s{0,8}\(`,
  String.raw`\bwaitfor${SPACE}delay\b`,
  String.raw`\binformation_schema\b`,
];
const TRAVERSAL = [
  String.raw`(?:^|[/\\=?&])\.\.(?:[/\\]|$)`,
  String.raw`/etc/(?:passwd|shadow)\b`,
  String.raw`\bwin\.ini\b`,
];
const SCRIPT = [
  String.raw`<\s{0,8}/?\s{0,8}(?:script|iframe|svg|img|object|embed|body)\b`,
  String.raw`\bjavascript:`,
  String.raw`['"\s/]on(?:error|load|click|focus|mouseover)\s{0,8}=`,
];

const SIGNS: readonly (readonly [Suspicion, RegExp])[] = [
  ['sql', new RegExp(SQL.join('|'), 'i')],
  ['traversal', new RegExp(TRAVERSAL.join('|'), 'i')],
  ['script', new RegExp(SCRIPT.join('|'), 'i')],
  // eslint-disable-next-line no-control-regex
  ['null_byte', /\u0000/],
];

// One of the signs that all of the above have: a plain path has none, and is done with.
const MARK = /[%'"<;\\\u0000]|\.\.|=\s|[+\s*/](?:select|or|delay)\b|\(|_schema|javascript:|\/etc\/|win\.ini/i; // eslint-disable-line no-control-regex

/** Decoded twice, as what stands behind a proxy may do: `%2527` is a quote there. */
const DECODINGS = 2;

/** What kinds of injection a text looks like. */
export function suspicionsIn(text: string): Suspicion[] {
  if (!MARK.test(text)) return [];
  const found = new Set<Suspicion>();
  let current = text;
  for (let pass = 0; ; pass++) {
    for (const [kind, sign] of SIGNS) if (sign.test(current)) found.add(kind);
    const next = pass < DECODINGS && current.includes('%') ? decoded(current) : current;
    if (next === current) return [...found];
    current = next;
  }
}

/** Character by character of ASCII, so that one that is no valid encoding does not hide the others. */
function decoded(text: string): string {
  return text.replace(/%([0-7][\da-f])/gi, (_whole, digits: string) => String.fromCharCode(parseInt(digits, 16)));
}
