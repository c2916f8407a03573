import { isBoolean, isFunction, isInteger, isText } from '../../../core/checks.js';
import { ConfigError } from '../../../core/config-error.js';
import type { CheckResult, HealthCheck } from '../../../core/health-check.js';
import { requireOption, resolveOptions } from '../../../core/options.js';
import { certificateEnd } from './certificate-end.js';
import { unreachable } from './response-time.js';

export interface CertificateCheckOptions {
  /** Host that shows the certificate, as clients call it: its name is asked for (SNI). */
  host: string;
  /**
   * Port of the host.
   * @default 443
   */
  port?: number;
  /**
   * Days left below which the certificate counts as degraded. The usual renewal begins 30 days before the end, so that
   * fewer than 21 mean that it has failed more than once.
   * @default 21
   */
  warnDays?: number;
  /**
   * Days left below which the level is critical.
   * @default 7
   */
  criticalDays?: number;
  /**
   * Whether the critical level takes the service out of traffic.
   * @default false
   */
  critical?: boolean;
  /**
   * Key of the check in bodies, log lines and metrics.
   * @default 'certificate'
   */
  name?: string;
  /**
   * Milliseconds of a clock.
   * @default `Date.now`
   */
  now?: () => number;
}

export const CERTIFICATE_CHECK_DEFAULTS = Object.freeze({
  port: 443,
  warnDays: 21,
  criticalDays: 7,
  critical: false,
  name: 'certificate',
  now: Date.now,
});

const DAY_MS = 86_400_000;

/** A certificate is renewed within days, and a handshake at every probe would be nothing but load. */
const LOOK_AGAIN_AFTER_MS = 600_000;

/**
 * Says how many days a TLS certificate has left, as `daysLeft`; one that has ended is down. Who signed it is not asked: a
 * service may look at its own front door with a private authority or by a name of the inside.
 */
export function certificateCheck(options: CertificateCheckOptions): HealthCheck {
  const settings = resolveOptions('certificateCheck', options, CERTIFICATE_CHECK_DEFAULTS, {
    host: isText,
    port: isInteger(1, 65_535),
    warnDays: isInteger(0),
    criticalDays: isInteger(0),
    critical: isBoolean,
    name: isText,
    now: isFunction,
  });
  requireOption('certificateCheck', 'host', settings.host, "say whose, e.g. { host: 'api.example.com' }");
  const { host, port, warnDays, criticalDays, critical, name, now } = settings;
  if (options.criticalDays !== undefined && warnDays < criticalDays) {
    const problem = `must not be below criticalDays (${criticalDays}), got ${warnDays}`;
    throw new ConfigError('ERR_OPTION_CONFLICT', 'certificateCheck.warnDays', problem);
  }

  return {
    name,
    critical,
    cacheTtlMs: LOOK_AGAIN_AFTER_MS,
    async run(signal): Promise<CheckResult> {
      try {
        const endsAt = await certificateEnd(host, port, signal);
        const days = (endsAt - now()) / DAY_MS;
        return { ...resultOf(name, days, settings), details: detailsOf(days, endsAt) };
      } catch (error) {
        return unreachable(name, error);
      }
    },
  };
}

type Bounds = Required<Pick<CertificateCheckOptions, 'warnDays' | 'criticalDays' | 'critical'>>;

function resultOf(name: string, days: number, { warnDays, criticalDays, critical }: Bounds): CheckResult {
  if (days < 0) return { status: 'down', message: `${name} has ended` };
  if (days >= warnDays) return { status: 'up' };
  return { status: days < criticalDays && critical ? 'down' : 'degraded', message: `${name} ends soon` };
}

function detailsOf(days: number, endsAt: number): Record<string, unknown> {
  return { daysLeft: Math.trunc(days), endsAt: new Date(endsAt).toISOString() };
}
