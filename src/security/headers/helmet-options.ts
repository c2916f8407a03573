import type { HelmetOptions } from 'helmet';
import { PRESETS, type ContentSecurityPolicy } from './presets.js';
import type { SecurityHeadersSettings } from './options.js';

/** What helmet is given: the preset with the caller's options on top of it. */
export function helmetOptions(settings: SecurityHeadersSettings): HelmetOptions {
  const said = settings.helmet?.contentSecurityPolicy ?? true;
  return { ...settings.helmet, contentSecurityPolicy: said === false ? false : policy(PRESETS[settings.preset], said) };
}

function policy(preset: ContentSecurityPolicy, said: ContentSecurityPolicy | true): ContentSecurityPolicy {
  if (said === true) return preset;
  return {
    ...preset,
    ...said,
    directives: { ...preset.directives, ...dashed(said.directives) },
  };
}

/** helmet takes `scriptSrc` and `script-src` for the same, and refuses to be given both. */
function dashed(
  directives: ContentSecurityPolicy['directives'] = {},
): NonNullable<ContentSecurityPolicy['directives']> {
  const entries = Object.entries(directives).map(
    ([name, value]) => [name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`), value] as const,
  );
  return Object.fromEntries(entries);
}
