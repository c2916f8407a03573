/** Words that end in rules and dashboards: inputs 253 to 255 of the corpus. Expected: YAML and JSON give them back, and promtool takes the rules. */
export interface GeneratedText {
  readonly id: number;
  readonly where: 'rule' | 'selector' | 'dashboard';
  readonly text: string;
}

const words = (id: number, where: GeneratedText['where'], ...texts: string[]): GeneratedText[] =>
  texts.map((text) => ({ id, where, text }));

export const GENERATED_TEXTS: readonly GeneratedText[] = [
  ...words(253, 'rule', '"', "'", 'a: b', '# a', 'a\nb', '{{ $labels.x }}', '{{ printf "%.0f" }}', '%', '*'),
  ...words(253, 'rule', 'yes', 'no', '1e3', '\\', 'a\u2028b'),
  ...words(254, 'selector', 'a"b\\'),
  ...words(255, 'dashboard', '${var}'),
];
