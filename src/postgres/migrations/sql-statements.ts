import { SQL_TOKEN } from '../queries/sql-token.js';

export interface Statement {
  readonly text: string;
  /** Characters of the file before it. */
  readonly startsAt: number;
}

const TOKEN = new RegExp(`${SQL_TOKEN.source}|\\S`, SQL_TOKEN.flags);
const COMMENT_MARK = /\/\*|\*\//g;
const CONTROLS_TRANSACTION = /^(?:begin|start\s+transaction|commit|end|abort|rollback(?!\s+(?:\w+\s+)?to\b))\b/i;
const NO_TRANSACTION = /^(?:\s*--[^\n]*\n)*\s*--\s*no-transaction\s*(?:\n|$)/i;

/** The statements of a file: what stands between semicolons that are in no string, comment or function body. */
export function statementsOf(sql: string): Statement[] {
  const statements: Statement[] = [];
  let startsAt: number | undefined;
  const end = (at: number): void => {
    if (startsAt !== undefined) statements.push({ text: sql.slice(startsAt, at), startsAt });
    startsAt = undefined;
  };
  const isInBody = trackBodies();
  for (const { token, at } of tokensOf(sql)) {
    if (!isInBody(token) && token === ';') end(at);
    else startsAt ??= at;
  }
  end(sql.length);
  return statements;
}

/**
 * How a file wants to be run: `wrapped` in our transaction; `own`, because it has its own BEGIN and COMMIT, which inside
 * of ours would commit too early; `none`, because its first lines say `-- no-transaction`.
 */
export function transactionModeOf(sql: string): 'wrapped' | 'own' | 'none' {
  if (NO_TRANSACTION.test(sql)) return 'none';
  return statementsOf(sql).some(({ text }) => CONTROLS_TRANSACTION.test(text)) ? 'own' : 'wrapped';
}

/** Everything but blanks and comments. */
function* tokensOf(sql: string): Generator<{ token: string; at: number }> {
  const tokens = new RegExp(TOKEN);
  for (let match = tokens.exec(sql); match !== null; match = tokens.exec(sql)) {
    const [token] = match;
    if (token.startsWith('/*')) tokens.lastIndex = endOfComment(sql, match.index);
    else if (!token.startsWith('--')) yield { token, at: match.index };
  }
}

/** A comment may hold comments, which no regular expression can count. */
function endOfComment(sql: string, startsAt: number): number {
  const marks = new RegExp(COMMENT_MARK);
  marks.lastIndex = startsAt;
  let depth = 0;
  for (let mark = marks.exec(sql); mark !== null; mark = marks.exec(sql)) {
    depth += mark[0] === '/*' ? 1 : -1;
    if (depth === 0) return marks.lastIndex;
  }
  return sql.length;
}

/** Told token by token: whether it stands in a body of standard SQL, `BEGIN ATOMIC … END`; there, a CASE has its own END. */
function trackBodies(): (token: string) => boolean {
  let depth = 0;
  let before = '';
  return (token) => {
    const word = token.toLowerCase();
    if (depth === 0) depth = before === 'begin' && word === 'atomic' ? 1 : 0;
    else if (before !== '.' && word === 'case') depth++;
    else if (before !== '.' && word === 'end') depth--;
    before = word;
    return depth > 0;
  };
}
