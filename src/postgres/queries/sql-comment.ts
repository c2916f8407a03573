import type { ContextFields } from '../../core/context.js';

/**
 * The text with a comment that says who asks, in the sqlcommenter format (https://google.github.io/sqlcommenter/spec/):
 * `pg_stat_activity`, the server's log and `auto_explain` then show it. A text that has a comment stays as it is, which
 * the format demands.
 */
export function withComment(text: string, context: Readonly<ContextFields> | undefined): string {
  const { requestId, correlationId } = context ?? {};
  if ((requestId ?? correlationId) === undefined || text.includes('--') || text.includes('/*')) return text;
  // In the order of the alphabet, as the format wants them.
  const pairs = [pair('correlation_id', correlationId), pair('request_id', requestId)];
  return `${text} /*${pairs.filter((one) => one !== undefined).join(',')}*/`;
}

function pair(key: string, value: string | undefined): string | undefined {
  return value === undefined ? undefined : `${key}='${encoded(value)}'`;
}

/** What encodeURIComponent leaves would end the comment or the quoted value: `*`, `'`. A lone surrogate cannot be encoded. */
function encoded(value: string): string {
  const escape = (character: string): string => `%${character.charCodeAt(0).toString(16).toUpperCase()}`;
  return encodeURIComponent(value.replace(/\p{Surrogate}/gu, '?')).replace(/[!'()*]/g, escape);
}
