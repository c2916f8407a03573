/** A text from outside, such as a name or a query, on one line and without what a terminal obeys. */
export function visible(text: string): string {
  // eslint-disable-next-line no-control-regex -- those are what must not get out
  return text.replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g, escaped);
}

/** The same for a text of several lines. */
export function visibleLines(text: string): string {
  return text.split('\n').map(visible).join('\n');
}

function escaped(character: string): string {
  if (character === '\n') return ' ';
  if (character === '\t') return ' ';
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
