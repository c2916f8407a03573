// A type as whoever passes a value would write it: short unions are spelled out, `readonly` is left to who reads the value.
import ts from 'typescript';

const MOST_WORDS = 8;

export function typeText(node, place) {
  if (ts.isUnionTypeNode(node)) return node.types.map((one) => inUnion(typeText(one, place))).join(' | ');
  if (ts.isParenthesizedTypeNode(node)) return grouped(typeText(node.type, place));
  if (ts.isArrayTypeNode(node)) return `${grouped(typeText(node.elementType, place))}[]`;
  if (ts.isTypeOperatorNode(node) && node.operator === ts.SyntaxKind.ReadonlyKeyword) return typeText(node.type, place);
  if (ts.isTypeReferenceNode(node)) return referenceText(node, place);
  return plainText(node);
}

/** Source text on one line. */
export function plainText(node) {
  return node
    .getText()
    .replace(/\/\*\*[^]*?\*\//g, '')
    .replace(/\s+/g, ' ')
    .replace(/\breadonly /g, '')
    .replace(/,? ([)\]])/g, '$1')
    .replace(/([([]) /g, '$1')
    .replace(/; }/g, ' }')
    .trim();
}

function referenceText(node, place) {
  const name = node.typeName.getText();
  const given = node.typeArguments ?? [];
  if (name === 'Readonly') return typeText(given[0], place);
  if (given.length > 0) return `${name}<${given.map((one) => typeText(one, place)).join(', ')}>`;
  const constraint = place.parameters.get(name);
  if (constraint !== undefined) return typeText(constraint, place);
  return wordsOf(name, place) ?? name;
}

/** What an alias stands for: a few words, or a function whose name nobody can import. */
function wordsOf(name, { path, sources, publicNames }) {
  const found = sources.find(name, path);
  if (found === undefined || !ts.isTypeAliasDeclaration(found.declaration)) return undefined;
  const { type } = found.declaration;
  if (ts.isFunctionTypeNode(type)) return publicNames.has(name) ? name : plainText(type);
  const words = literalsOf(type, { path: found.path, sources });
  return words === undefined || words.length > MOST_WORDS ? undefined : words.join(' | ');
}

function literalsOf(node, place) {
  if (ts.isLiteralTypeNode(node)) return [node.getText()];
  if (ts.isFunctionTypeNode(node)) return [inUnion(plainText(node))];
  if (ts.isParenthesizedTypeNode(node)) return literalsOf(node.type, place);
  if (ts.isUnionTypeNode(node)) {
    const parts = node.types.map((one) => literalsOf(one, place));
    return parts.includes(undefined) ? undefined : parts.flat();
  }
  if (ts.isIndexedAccessTypeNode(node)) return listOf(node.objectType, place);
  if (ts.isTypeOperatorNode(node) && node.operator === ts.SyntaxKind.KeyOfKeyword) return keysOf(node.type, place);
  return undefined;
}

/** `(typeof LIST)[number]`. */
function listOf(node, place) {
  const value = valueOf(node, place);
  return value !== undefined && ts.isArrayLiteralExpression(value)
    ? value.elements.map((one) => one.getText())
    : undefined;
}

/** `keyof typeof OBJECT`. */
function keysOf(node, place) {
  const value = valueOf(node, place);
  return value !== undefined && ts.isObjectLiteralExpression(value)
    ? value.properties.map(({ name }) => `'${name.text}'`)
    : undefined;
}

function valueOf(node, { path, sources }) {
  const query = ts.isParenthesizedTypeNode(node) ? node.type : node;
  if (!ts.isTypeQueryNode(query)) return undefined;
  const found = sources.find(query.exprName.getText(), path);
  let value = found?.declaration.initializer;
  while (
    value !== undefined &&
    (ts.isAsExpression(value) || ts.isSatisfiesExpression(value) || ts.isCallExpression(value))
  )
    value = ts.isCallExpression(value) ? value.arguments[0] : value.expression;
  return value;
}

/** A function among other types is one only in parentheses. */
function inUnion(text) {
  return text.includes('=>') && !text.startsWith('((') ? `(${text})` : text;
}

function grouped(text) {
  const isWhole = /^\([^()]*\)$/.test(text);
  return !isWhole && /\||=>/.test(text) ? `(${text})` : text;
}
