import type { Config } from './config.js';
import { VARIABLE_NAMES, variable } from './variables/index.js';

const MASK = '***';

/** How much is hidden, by the setting's path. A setting made of several variables is as secret as the most secret of them. */
const HIDDEN: ReadonlyMap<string, 'all' | 'password'> = new Map(
  VARIABLE_NAMES.flatMap((name) => {
    const { setting, secret, isWhole } = variable(name);
    // REDIS_PASSWORD is a part of redis.url: hidden as the password inside of it.
    const isInsideUrl = !isWhole && setting.endsWith('.url');
    return secret === undefined ? [] : [[setting, isInsideUrl ? 'password' : secret] as const];
  }),
);

export function hiddenSettings(): (readonly [path: string, hidden: 'all' | 'password'])[] {
  return [...HIDDEN];
}

/** The settings for printing: secrets are `***`, in URLs only the password is. */
export function describeConfig(config: Config): Record<string, unknown> {
  return describeNode(config, '');
}

function describeNode(node: object, path: string): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(node).map(([key, value]: [string, unknown]) => [key, describeValue(value, path + key)]),
  );
}

function describeValue(value: unknown, path: string): unknown {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return describeNode(value, `${path}.`);
  const hidden = HIDDEN.get(path);
  if (hidden === undefined || value === undefined) return value;
  return hidden === 'password' && typeof value === 'string' ? withoutPassword(value) : MASK;
}

function withoutPassword(text: string): string {
  if (!URL.canParse(text)) return MASK;
  const url = new URL(text);
  if (url.password !== '') url.password = MASK;
  // libpq takes passwords from the query too.
  for (const name of [...url.searchParams.keys()]) {
    if (/password|secret|token|key/i.test(name)) url.searchParams.set(name, MASK);
  }
  return url.href;
}
