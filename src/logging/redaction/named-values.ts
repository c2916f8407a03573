import type { Rules } from './rules.js';

const NAMES = ['name', 'key', 'field', 'header'] as const;

/** Whether this is the `value` of `{ name: 'password', value: … }`, as forms, HAR files and schemas have it. */
export function isNamedValue(fields: Readonly<Record<string, unknown>>, rules: Rules): boolean {
  return NAMES.some((name) => typeof fields[name] === 'string' && rules.isSensitive(fields[name], fields.value));
}

/**
 * Whether an item of a list is the name of the next one: names and values in turn, as raw headers and entries have them, or
 * an argument like `--password`.
 */
export function isNameOfNext(items: readonly unknown[], index: number, rules: Rules): boolean {
  const name = items[index];
  if (typeof name !== 'string' || name.length > 64) return false;
  const isFlag = name.startsWith('-') && !name.includes('=');
  return (isFlag || (index % 2 === 0 && items.length % 2 === 0)) && rules.isSensitive(name);
}
