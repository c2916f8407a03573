import { join } from 'node:path';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { ROOT, sourceFiles } from './source-files.js';

interface DocumentedOption {
  readonly owner: string;
  readonly name: string;
  /** The text after `@default`; undefined when the option has no such tag. */
  readonly tag: string | undefined;
}

const files = sourceFiles('src').filter((file) => /export const [A-Z_]+_DEFAULTS\b/.test(file.text));

describe.each(files.map((file) => file.path))('%s', (path) => {
  it('documents each default with the value that the code has', async () => {
    const module = (await import(join(ROOT, path))) as Record<string, Record<string, unknown>>;
    const documented = optionsIn(path);
    for (const [constant, defaults] of Object.entries(module).filter(([name]) => name.endsWith('_DEFAULTS'))) {
      for (const [name, value] of Object.entries(defaults)) {
        const option = documented.find((one) => one.name === name && matches(one.owner, constant));
        expect(option, `${constant}.${name} has no option of that name`).toBeDefined();
        expect(option?.tag, `${constant}.${name} has no @default`).toBeDefined();
        if (isLiteral(value)) expect(literal(option?.tag ?? ''), `@default of ${name}`).toEqual(value);
      }
    }
  });

  it('claims no default that the code does not have', async () => {
    const module = (await import(join(ROOT, path))) as Record<string, Record<string, unknown>>;
    const constants = Object.entries(module).filter(([name]) => name.endsWith('_DEFAULTS'));
    for (const option of optionsIn(path)) {
      const defaults = constants.find(([constant]) => matches(option.owner, constant))?.[1];
      if (defaults === undefined || option.tag === undefined || Object.hasOwn(defaults, option.name)) continue;
      expect(literal(option.tag), `${option.owner}.${option.name} claims a value`).toBeUndefined();
    }
  });
});

it('finds the files that have defaults', () => {
  expect(files.length).toBeGreaterThan(5);
});

/** `HealthRouterOptions` goes with `HEALTH_ROUTER_DEFAULTS`, and with `HEALTH_DEFAULTS` when that is the shorter name. */
function matches(owner: string, constant: string): boolean {
  const words = owner
    .replace(/Options$/, '')
    .replace(/(?<!^)([A-Z])/g, '_$1')
    .toUpperCase();
  const stem = constant.replace(/_DEFAULTS$/, '');
  return words === stem || words.startsWith(stem) || stem.startsWith(words);
}

function optionsIn(path: string): DocumentedOption[] {
  const text = ts.sys.readFile(join(ROOT, path)) ?? '';
  const source = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
  const interfaces = source.statements.filter(ts.isInterfaceDeclaration);
  return interfaces.flatMap((owner) =>
    owner.members.map((member) => ({
      owner: owner.name.text,
      name: member.name?.getText(source) ?? '',
      tag: tagOf(member),
    })),
  );
}

function tagOf(member: ts.Node): string | undefined {
  const tag = ts.getJSDocTags(member).find((one) => one.tagName.text === 'default');
  return tag === undefined ? undefined : (ts.getTextOfJSDocComment(tag.comment) ?? '');
}

function isLiteral(value: unknown): boolean {
  return value === null || ['string', 'number', 'boolean'].includes(typeof value) || Array.isArray(value);
}

/** The value that a tag's text stands for; undefined for prose. */
function literal(text: string): unknown {
  const json = text.replace(/_/g, '').replace(/'/g, '"');
  const source = text.startsWith("'") ? text.replace(/'/g, '"') : json;
  try {
    return JSON.parse(source) as unknown;
  } catch {
    return undefined;
  }
}
