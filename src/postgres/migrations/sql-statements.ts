import { SQL_TOKEN } from '../queries/sql-token.js';

export interface Statement {
  readonly text: string;
  /** Characters of the file before it. */
  readonly startsAt: number;
}

const TOKEN_OR_END = new RegExp(`${SQL_TOKEN.source}|;`, SQL_TOKEN.flags);
const LEADING = /^(?:\s|--[^\n]*(?:\n|$)|\/\*(?:[^*]|\*(?!\/))*\*\/)+/;
const CONTROLS_TRANSACTION = /^(?:begin|start\s+transaction|commit|end|abort|rollback(?!\s+(?:\w+\s+)?to\b))\b/i;
const NO_TRANSACTION = /^(?:\s*--[^\n]*\n)*\s*--\s*no-transaction\s*(?:\n|$)/i;

/** The statements of a file: what stands between semicolons that are in no string, comment or function body. */
export function statementsOf(sql: string): Statement[] {
  const statements: Statement[] = [];
  let start = 0;
  const add = (end: number): void => {
    const text = sql.slice(start, end);
    const lead = LEADING.exec(text)?.[0].length ?? 0;
    if (lead < text.length) statements.push({ text: text.slice(lead), startsAt: start + lead });
    start = end + 1;
  };
  for (const match of sql.matchAll(TOKEN_OR_END)) if (match[0] === ';') add(match.index);
  add(sql.length);
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
