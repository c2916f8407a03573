import { requireOption, resolveOptions, type OptionCheck } from '../../core/options.js';

export interface RequireHttpsOptions {
  /** Name, and port if it is not 443, by which the service is reached over HTTPS, e.g. `api.example.com`. Required. */
  host: string;
}

const isHost: OptionCheck = (value) =>
  typeof value === 'string' && /^[a-z\d](?:[a-z\d.-]{0,251}[a-z\d])?(?::\d{1,5})?$/i.test(value)
    ? undefined
    : 'must be a host name such as api.example.com, without scheme or path';

export function resolveRequireHttpsOptions(options: RequireHttpsOptions): RequireHttpsOptions {
  const settings = resolveOptions('requireHttps', options, {}, { host: isHost });
  requireOption('requireHttps', 'host', settings.host, "say where HTTPS is, e.g. { host: 'api.example.com' }");
  return settings;
}
