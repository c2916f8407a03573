import { check } from '../doctor-check.js';
import { ok, skip, warn } from '../finding.js';
import { unlessIgnored } from '../repository/ignored.js';
import { sourcesIn, type Source } from '../repository/sources.js';

const ID = 'security.sql';
const CURE = 'a parameter: query("… WHERE id = $1", [id]); for a name of a column, one of a list';
const CALL = String.raw`\b(?:query|execute|raw|unsafe)\s*(?:<[^()]*>)?\(\s*(?:\{\s*text:\s*)?`;
/** A statement in backticks, handed to what runs it. */
const TEMPLATE = new RegExp(`${CALL}\`([^\`]*)\``, 'g');
/** A statement in quotes with something put behind it. */
const JOINED = new RegExp(
  `${CALL}(['"])(?:(?!\\1)[^\\n])*\\b(?:select|insert|update|delete)\\b(?:(?!\\1)[^\\n])*\\1\\s*\\+`,
  'gi',
);
const VERB = /^\s*(?:select|insert|update|delete|with)\b/i;
/** What is written in capitals is a constant of the source. */
const CONSTANT = /^\$\{\s*[A-Z][A-Z0-9_.]*\s*\}$/;

export const securitySql = check({
  id: ID,
  title: 'checklist 4: no statement is put together from values (by the looks of the sources)',
  needs: ['repository'],
  async run({ repository }) {
    const sources = await sourcesIn(repository);
    if (sources.length === 0) return skip('there are no sources');
    const found = sources.flatMap((source) =>
      unlessIgnored(
        ID,
        source.text,
        linesOf(source).map((line) =>
          warn(`a statement is put together from values in line ${line}`, CURE, source.file),
        ),
      ),
    );
    return found.length > 0 ? found : ok(`none in ${sources.length} files`);
  },
});

function linesOf({ text }: Source): number[] {
  const templates = [...text.matchAll(TEMPLATE)].filter(([, statement = '']) => {
    const values = [...statement.matchAll(/\$\{[^}]*\}/g)].map(([value]) => value);
    return VERB.test(statement) && values.some((value) => !CONSTANT.test(value));
  });
  const offsets = [...templates, ...text.matchAll(JOINED)].map(({ index }) => index);
  return offsets.map((offset) => text.slice(0, offset).split('\n').length);
}
