import { REDACTED } from './masked.js';
import type { KeyTest } from '../sensitive-key.js';
import type { Scrub } from './scrub.js';

const ELEMENT = /<([A-Za-z_][\w:.-]{0,63})(?:\s[^<>]{0,200})?>(?:<!\[CDATA\[)?([^<]+)/g;
const FORM_PART = /(\bname="([^"\r\n]{1,64})"[^\r\n]{0,200}(?:\r?\n[^\r\n]{1,200}){0,4}\r?\n\r?\n)([^\r\n]+)/g;
const FLAG = /((?:^|\s)--?([A-Za-z][\w-]{1,63})\s{1,4})(?!-)("[^"]*"?|'[^']*'?|\S+)/g;
const SQL_PASSWORD = /(\b(?:PASSWORD|IDENTIFIED BY)\s{1,4})(?:'(?:[^']|'')*'?|"[^"]*"?)/gi;

/** Masks the values of sensitive elements, parts of a form, command line flags and SQL's `PASSWORD '…'`. */
export function markedUpScrub(isSensitive: KeyTest): Scrub {
  const masked = (all: string, before: string, name: string, value: string): string =>
    isSensitive(name) && value !== REDACTED ? `${before}${REDACTED}` : all;
  return (text) => {
    let clean = text;
    if (clean.includes('</')) {
      clean = clean.replace(ELEMENT, (all: string, name: string, value: string) =>
        masked(all, all.slice(0, all.length - value.length), name, value),
      );
    }
    if (clean.includes('name="')) clean = clean.replace(FORM_PART, masked);
    if (clean.includes('--')) clean = clean.replace(FLAG, masked);
    return clean.replace(SQL_PASSWORD, `$1'${REDACTED}'`);
  };
}
