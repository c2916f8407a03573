import { certificateCheck, CERTIFICATE_CHECK_DEFAULTS } from '../../../index.js';
import { check } from '../doctor-check.js';
import { fail, ok, skip, warn } from '../finding.js';
import { trustProblem } from '../service/trust-problem.js';

const HTTPS_PORT = 443;
const CURE = 'certbot renew, then reload what serves it; docs/guides/security.md has the commands';

export const certificateDays = check({
  id: 'certificate.days',
  title: 'how many days the certificate has left, and whether it is trusted',
  needs: [],
  async run({ url, signal }) {
    if (url?.protocol !== 'https:')
      return skip(url === undefined ? 'no URL was given' : 'the URL is not https: see security.https');
    const host = url.hostname.replace(/^\[|\]$/g, '');
    const port = url.port === '' ? HTTPS_PORT : Number(url.port);
    const { status, details } = (await certificateCheck({ host, port }).run(signal)) ?? { status: 'up' };
    // What certificateCheck documents.
    const daysLeft = details?.daysLeft as number | undefined;
    if (daysLeft === undefined) return fail(`${url.host} shows no certificate`, CURE);
    const untrusted = await trustProblem(host, port, signal);
    const left = `${daysLeft} days are left, until ${(details?.endsAt as string | undefined) ?? 'an unknown time'}`;
    if (status === 'down') return fail(`it has ended: ${left}`, CURE);
    if (untrusted !== undefined) return fail(`clients refuse it (${untrusted}); ${left}`, CURE);
    if (status === 'up') return ok(left);
    return daysLeft < CERTIFICATE_CHECK_DEFAULTS.criticalDays ? fail(left, CURE) : warn(left, CURE);
  },
});
