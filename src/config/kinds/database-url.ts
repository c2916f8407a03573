import type { Kind } from './kind.js';
import { text } from './words.js';

const EXAMPLE = 'postgresql://user:password@host:5432/name';
const ESCAPES = 'write @ : / ? # % inside of it as %40 %3A %2F %3F %23 %25';

/** A URL that psql and the pool read alike: where their parsers differ, the URL is refused with the cure. */
export function databaseUrl(): Kind<string> {
  return {
    accepts: `URL: \`${EXAMPLE}\``,
    read(value) {
      const problem = problemOf(value);
      return problem === undefined ? { value } : { problem };
    },
  };
}

/** A name that the path of a URL carries unchanged; pg would leave an escaped ? or # as it is. */
export function databaseName(): Kind<string> {
  const line = text('name');
  return {
    accepts: line.accepts,
    read(value) {
      const isCarried = !/[?#]|(?:^|\/)\.{1,2}(?:\/|$)/.test(value);
      return isCarried ? line.read(value) : { problem: 'must be a name without ? and #, and not . or ..' };
    },
  };
}

function problemOf(url: string): string | undefined {
  const [, rest] = /^postgres(?:ql)?:\/\/(.*)$/i.exec(url) ?? [];
  if (rest === undefined) return `must begin with postgres:// or postgresql://, e.g. ${EXAMPLE}`;
  if (/\s/.test(rest)) return 'must not hold spaces; a space inside of the password is %20';
  if (rest.includes('#')) return `has a # in it, most likely in the password: ${ESCAPES}`;
  const [beforeQuery = ''] = rest.split('?', 1);
  const authority = beforeQuery.split('/', 1)[0] ?? '';
  // libpq ends the password at the first @, Node at the last one.
  if (authority.split('@').length > 2) return `has more than one @, most likely in the password: ${ESCAPES}`;
  if (!authority.includes('@') && rest.slice(authority.length).includes('@')) {
    return `has a / or ? before the @, most likely in the password: ${ESCAPES}`;
  }
  if (/%(?![0-9A-Fa-f]{2})/.test(beforeQuery) || !isDecodable(beforeQuery)) {
    return `has a % that is no escape, most likely in the password: ${ESCAPES}`;
  }
  if (/%(?:2F|3F|23|3A|40|26|3D|2B|24|2C|3B)/i.test(beforeQuery.slice(authority.length))) {
    return 'has an escape in the database name that pg leaves as it is: write / : @ & = + $ , ; plainly, and no ? or #';
  }
  if (!URL.canParse(url)) return `must be a URL such as ${EXAMPLE}; if its password has special characters, ${ESCAPES}`;
  const port = new URL(url).searchParams.get('port') ?? '1';
  return /^[0-9]{1,5}$/.test(port) ? undefined : 'must have a number as ?port=';
}

function isDecodable(text: string): boolean {
  try {
    decodeURIComponent(text);
    return true;
  } catch {
    return false;
  }
}
