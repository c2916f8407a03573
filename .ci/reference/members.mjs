// What an interface, or a type that is one in other words, has of its own, and what it takes from others.
import ts from 'typescript';

/** The members that stand in the declaration itself. */
export function membersOf({ declaration, path }, sources) {
  if (ts.isInterfaceDeclaration(declaration)) return placed(declaration.members, path);
  return ts.isTypeAliasDeclaration(declaration) ? membersOfType(declaration.type, path, sources) : [];
}

function membersOfType(node, path, sources) {
  if (ts.isTypeLiteralNode(node)) return placed(node.members, path);
  if (ts.isIntersectionTypeNode(node)) return node.types.flatMap((one) => membersOfType(one, path, sources));
  return ts.isTypeReferenceNode(node) ? membersOfTaken(takenBy(node), path, sources) : [];
}

function membersOfTaken({ name, only, without }, path, sources) {
  const found = sources.find(name, path);
  if (found === undefined) return [];
  return allMembersOf(found, sources).filter(({ member }) => {
    const key = member.name?.getText();
    return (only?.includes(key) ?? true) && !without.includes(key);
  });
}

function placed(members, path) {
  return members.map((member) => ({ member, path }));
}

/** With those of the interfaces that it extends, as far as they are of this package. */
export function allMembersOf(found, sources) {
  const own = membersOf(found, sources);
  const isOwn = ({ member }) => own.some((one) => one.member.name?.getText() === member.name?.getText());
  const inherited = inheritedBy(found).flatMap((taken) => membersOfTaken(taken, found.path, sources));
  return [...inherited.filter((one) => !isOwn(one)), ...own];
}

/** What an interface extends. */
export function inheritedBy({ declaration }) {
  return ts.isInterfaceDeclaration(declaration)
    ? (declaration.heritageClauses ?? []).flatMap(({ types }) => types.map(takenBy))
    : [];
}

/** `Partial<Omit<Name, 'key'>>`, `Pick<Name, 'key'>` and the like, in parts. */
function takenBy(node) {
  const name = (node.typeName ?? node.expression).getText();
  const [type, keys] = node.typeArguments ?? [];
  if (type === undefined || !['Partial', 'Omit', 'Pick'].includes(name)) return { name, without: [] };
  const inner = takenBy(type);
  if (keys === undefined) return inner;
  return name === 'Pick' ? { ...inner, only: wordsIn(keys) } : { ...inner, without: wordsIn(keys) };
}

function wordsIn(node) {
  const types = ts.isUnionTypeNode(node) ? node.types : [node];
  return types.map((one) => one.literal.text);
}

/** The text of a documentation comment on one line, and of its `@default`. */
export function documentationOf(member) {
  const text = ts.getTextOfJSDocComment(member.jsDoc?.at(-1)?.comment) ?? '';
  const tag = ts.getJSDocTags(member).find(({ tagName }) => tagName.text === 'default');
  return {
    text: oneLine(text),
    defaultText: tag === undefined ? undefined : oneLine(ts.getTextOfJSDocComment(tag.comment) ?? ''),
  };
}

function oneLine(text) {
  return text
    .replace(/\{@link ([\w.]+)\}/g, '`$1`')
    .replace(/\s+/g, ' ')
    .trim();
}
