import type { HelmetOptions } from 'helmet';

export type ContentSecurityPolicy = Exclude<HelmetOptions['contentSecurityPolicy'], boolean | undefined>;

/** The policy of each preset; all other headers are helmet's defaults. */
export const PRESETS: Readonly<Record<'api' | 'page', ContentSecurityPolicy>> = Object.freeze({
  // An answer that is shown as a page by mistake, or made to be one, can do nothing (OWASP REST Security Cheat Sheet).
  api: {
    useDefaults: false,
    directives: { 'default-src': "'none'", 'base-uri': "'none'", 'form-action': "'none'", 'frame-ancestors': "'none'" },
  },
  // helmet's own, without the directive that turns every link of a plain HTTP page into HTTPS (helmet#480, #429).
  page: { directives: { 'upgrade-insecure-requests': null } },
});
