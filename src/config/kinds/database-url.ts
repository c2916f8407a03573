import type { Kind } from './kind.js';

const EXAMPLE = 'postgresql://user:password@host:5432/name';
const ESCAPES = 'write @ : / ? # % inside of it as %40 %3A %2F %3F %23 %25';

/** A URL that psql and the pool read alike: where their parsers differ, the URL is refused with the cure. */
export function databaseUrl(): Kind<string> {
  return {
    accepts: `URL: \`${EXAMPLE}\``,
    read(text) {
      const problem = problemOf(text);
      return problem === undefined ? { value: text } : { problem };
    },
  };
}

function problemOf(text: string): string | undefined {
  const [, rest] = /^postgres(?:ql)?:\/\/(.*)$/i.exec(text) ?? [];
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
  return URL.canParse(text) ? undefined : `must be a URL such as ${EXAMPLE}; if its password has special characters, ${ESCAPES}`;
}

function isDecodable(text: string): boolean {
  try {
    decodeURIComponent(text);
    return true;
  } catch {
    return false;
  }
}
