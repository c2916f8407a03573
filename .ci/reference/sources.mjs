// Reads TypeScript by its syntax alone and follows names from file to file. No types are checked: all of it takes a part of a second.
import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import ts from 'typescript';

/** The files that were read, each once, and what their names stand for. */
export function createSources() {
  const scopes = new Map();

  function scopeOf(path) {
    const known = scopes.get(path);
    if (known !== undefined) return known;
    const scope = scopeIn(ts.createSourceFile(path, readFileSync(path, 'utf8'), ts.ScriptTarget.Latest, true), path);
    scopes.set(path, scope);
    return scope;
  }

  /** The declaration of a name as this file knows it, and the file it stands in; nothing for what comes from a package. */
  function find(name, path) {
    const { own, links, stars } = scopeOf(path);
    const declaration = own.get(name);
    if (declaration !== undefined) return { declaration, path };
    const link = links.get(name);
    if (link !== undefined) return find(link.name, link.path);
    for (const star of stars) {
      const found = find(name, star);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  /** What leaves a file, by its names there. */
  function exportsOf(path) {
    const { exported, stars } = scopeOf(path);
    return [...exported, ...stars.flatMap(exportsOf)];
  }

  return { find, exportsOf };
}

function scopeIn(source, path) {
  const scope = { own: new Map(), links: new Map(), stars: [], exported: [] };
  for (const statement of source.statements) {
    if (ts.isImportDeclaration(statement)) addLinks(scope, statement.importClause?.namedBindings, statement, path);
    else if (ts.isExportDeclaration(statement)) addExports(scope, statement, path);
    else addOwn(scope, statement);
  }
  return scope;
}

function addExports(scope, statement, path) {
  if (statement.exportClause === undefined) {
    const file = fileOf(statement, path);
    if (file !== undefined) scope.stars.push(file);
    return;
  }
  addLinks(scope, statement.exportClause, statement, path);
  for (const { name } of statement.exportClause.elements ?? []) scope.exported.push(name.text);
}

function addLinks(scope, bindings, statement, path) {
  const file = fileOf(statement, path);
  if (file === undefined) return;
  for (const { name, propertyName } of bindings?.elements ?? [])
    scope.links.set(name.text, { name: (propertyName ?? name).text, path: file });
}

function addOwn(scope, statement) {
  const isExported = statement.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword) === true;
  const declarations = ts.isVariableStatement(statement) ? statement.declarationList.declarations : [statement];
  for (const declaration of declarations) {
    const name = declaration.name?.text;
    if (name === undefined) continue;
    // The signatures of an overloaded function come before what they are about, and say the same.
    if (!scope.own.has(name)) scope.own.set(name, declaration);
    if (isExported) scope.exported.push(name);
  }
}

function fileOf({ moduleSpecifier }, path) {
  const specifier = moduleSpecifier?.text;
  return specifier?.startsWith('.') ? resolve(dirname(path), specifier.replace(/\.js$/, '.ts')) : undefined;
}
