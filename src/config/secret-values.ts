import type { Config } from './config.js';
import { hiddenSettings } from './describe-config.js';

/**
 * Every secret of the configuration, and the passwords inside of its URLs: for `logger.registerSecrets`, which `createOps`
 * calls with them.
 */
export function secretValues(config: Config): string[] {
  const found = hiddenSettings().flatMap(([path, hidden]) => {
    const value = settingAt(config, path);
    if (typeof value !== 'string') return [];
    return [...(hidden === 'all' ? [value] : []), ...passwordsIn(value)];
  });
  return [...new Set(found.filter((value) => value !== ''))];
}

function settingAt(config: Config, path: string): unknown {
  return path.split('.').reduce<unknown>((node, key) => (node as Record<string, unknown> | undefined)?.[key], config);
}

/** As it stands in the URL, and as the server is told it. */
function passwordsIn(text: string): string[] {
  if (!URL.canParse(text)) return [];
  const { password } = new URL(text);
  return [password, decoded(password)];
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    // Not percent-encoded after all.
    return text;
  }
}
