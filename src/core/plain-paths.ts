/**
 * Whether an Express Router can match one of these plain paths: cheap, and right when it says no. Only the beginning is looked at,
 * because what Express takes for the end of a path is Express' own; so are targets that do not begin with a slash.
 */
export function startsLikeOneOf(paths: readonly string[]): (url: string) => boolean {
  const plain = paths.map((path) => path.replaceAll('.', '\\.'));
  const beginning = new RegExp(`^(?:[^/]|${plain.join('|')})`, 'i');
  return (url) => beginning.test(url);
}
