// Tables of the reference pages, in Markdown.
import ts from 'typescript';
import { allMembersOf, documentationOf, inheritedBy, membersOf } from './members.mjs';
import { plainText, typeText } from './type-text.mjs';

/** What may be said, with type, default and effect; below it what is taken from other interfaces. */
export function optionsTable(name, found, { sources, publicNames }, linkTo) {
  const kind = name.endsWith('Options') ? 'Option' : 'Field';
  const parameters = parametersOf(found.declaration);
  const rows = membersOf(found, sources).map(({ member, path }) => {
    const { text, defaultText } = documentationOf(member);
    const isRequired = member.questionToken === undefined || /(?:^|\. |; )[Rr]equired\b/.test(text);
    const type = memberType(member, { path, sources, publicNames, parameters });
    const effect = isRequired
      ? text.replace(/(?:;| *) ?[Rr]equired\.$/, (said) => (said.startsWith(';') ? '.' : ''))
      : text;
    return [code(member.name.getText()), code(type), isRequired ? '**required**' : defaultCell(defaultText), effect];
  });
  const table = rows.length === 0 ? '' : tableOf([kind, 'Type', 'Default', 'What it does'], rows);
  const taken = inheritedBy(found).map((one) => alsoLine(one, kind, linkTo));
  return [table, ...taken].filter((part) => part !== '').join('\n\n');
}

/** What an object can do: its verbs and properties, those included that it has from other interfaces of the package. */
export function membersTable(found, sources) {
  const rows = allMembersOf(found, sources)
    .filter(({ member }) => member.name !== undefined)
    .map(({ member }) => [code(plainText(member).replace(/;$/, '')), documentationOf(member).text]);
  return tableOf(['Member', 'What it does'], rows);
}

function parametersOf({ typeParameters = [] }) {
  return new Map(
    typeParameters
      .filter(({ constraint }) => constraint !== undefined)
      .map(({ name, constraint }) => [name.text, constraint]),
  );
}

function memberType(member, place) {
  if (!ts.isMethodSignature(member)) return typeText(member.type, place);
  const parameters = member.parameters.map(plainText).join(', ');
  return `(${parameters}) => ${typeText(member.type, place)}`;
}

function defaultCell(text) {
  if (text === undefined) return '–';
  const isLiteral = /^(?:'.*'|-?[\d_.]+|true|false|null|[[{].*[\]}])$/.test(text);
  return isLiteral ? code(text) : text;
}

function alsoLine({ name, only, without }, kind, linkTo) {
  const noun = kind === 'Option' ? 'options' : 'fields';
  const target = linkTo(name);
  const link = target === undefined ? code(name) : `[${code(name)}](${target})`;
  if (only !== undefined) return `Also ${listed(only)} of ${link}.`;
  return `Also the ${noun} of ${link}${without.length === 0 ? '' : ` without ${listed(without)}`}.`;
}

function listed(words) {
  const shown = words.map(code);
  return shown.length < 2 ? shown.join('') : `${shown.slice(0, -1).join(', ')} and ${shown.at(-1)}`;
}

function tableOf(head, rows) {
  const line = (cells) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(head), `|${' --- |'.repeat(head.length)}`, ...rows.map(line)].join('\n');
}

function code(text) {
  return `\`${text}\``;
}
