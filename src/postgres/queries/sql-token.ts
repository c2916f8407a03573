const inComment = (nested: string): string => `/\\*(?:[^*/]|\\*(?!/)|/(?!\\*)${nested})*(?:\\*/|$)`;
// PostgreSQL nests them without end; three levels are more than anybody writes.
const COMMENT = inComment(`|${inComment(`|${inComment('')}`)}`);

/**
 * The parts of SQL that reading has to take whole. What is not closed (the text was cut) reaches to the end, so that
 * nothing of a value is left over.
 */
const PARTS = {
  lineComment: /--[^\n]*/,
  comment: new RegExp(COMMENT),
  quotedIdentifier: /"[^"]*(?:"|$)/,
  escapeString: /\b[Ee]'(?:[^'\\]|\\[^]|'')*(?:'|\\?$)/,
  string: /'[^']*(?:'|$)/,
  // Its tag knows upper from lower case, so all of this does.
  dollarString: /\$([A-Za-z_\u0080-\uffff][\w\u0080-\uffff]*)?\$[^]*?(?:\$\1\$|$)/,
  parameter: /\$\d+/,
  word: /[A-Za-z_\u0080-\uffff][\w$\u0080-\uffff]*/,
  number: /\d[\w.]*/,
} as const;

/** Any of them; global, so it is for `replace` and `matchAll`. */
export const SQL_TOKEN = new RegExp(
  Object.values(PARTS)
    .map(({ source }) => source)
    .join('|'),
  'g',
);
