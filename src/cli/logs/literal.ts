/** A text as a pattern that matches nothing else. */
export function literal(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');
}

/**
 * The longest part of a text that every JSON writer leaves as it is: some escape `/`, `<`, `+` or all beyond ASCII. Empty when it
 * is too short to look for.
 */
export function longestPlainRun(text: string): string {
  const runs = text.match(/[\w.:@ -]{3,}/g) ?? [];
  return runs.reduce((longest, run) => (run.length > longest.length ? run : longest), '');
}
