import { REDACTED } from './masked.js';

// `user:password@` behind `scheme://`, in the order of the alternatives:
// - up to the last @ of the authority;
// - a password that holds `/`, `?` or `#`, which is no valid URL but is pasted into texts, and which drivers other than
//   HTTP's take. What may be a port is none;
// - what ends before its @, because the text was cut there.
// What may run over the next scheme is bounded, so that a text of nothing but schemes is not read to its end for each.
const WEB =
  /\b(https?:\/\/)(?:([^\s/?#]*|[^\s/?#:@]{0,128}:(?!\d{0,5}(?:[/?#,;]|$))[^\s"'<>]{0,512})@|([^\s/?#:@[]{0,128}:(?!\d{0,5}\W{0,8}$)[^\s/?#]*)$)/gi;
const OTHER =
  /\b((?!https?:)[a-z][a-z0-9+.-]{0,20}:\/\/)(?:([^\s"'<>/:@]{0,128}:[^\s"'<>]{0,512}|[^\s"'<>/]{0,512})@|([^\s"'<>/:@[]{0,128}:(?!\d{0,5}(?:,[\w.-]{1,128}:\d{1,5}){0,32}\W{0,8}$)[^\s"'<>/]*)$)/gi;

/** Takes passwords out of URLs, and users that have none: those may be the token itself, as for git. */
export function withoutUserInfo(text: string): string {
  // As PHP writes JSON.
  const readable = text.includes(':\\/\\/') ? text.replaceAll('\\/', '/') : text;
  return readable.includes('://') ? readable.replace(WEB, withoutPassword).replace(OTHER, withoutPassword) : text;
}

function withoutPassword(_all: string, scheme: string, whole: string | undefined, cut: string | undefined): string {
  const userInfo = whole ?? cut ?? '';
  const colon = userInfo.indexOf(':');
  const user = colon === -1 ? '' : userInfo.slice(0, colon + 1);
  return `${scheme}${user}${REDACTED}${whole === undefined ? '' : '@'}`;
}
