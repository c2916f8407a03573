import type { IncomingHttpHeaders } from 'node:http';
import { check } from '../doctor-check.js';
import { fail, ok, warn, type Finding } from '../finding.js';

const CURE = 'createOps sends them; alone it is app.use(securityHeaders()) before every route';

export const securityHeadersSent = check({
  id: 'security.headers',
  title: 'checklist 6: security headers are sent',
  needs: ['service'],
  async run({ service }) {
    const answers = await Promise.all(['/', '/doctor-no-such-path'].map((path) => service.ask(path)));
    const found = uniqueOf(answers.flatMap(({ headers }) => problemsOf(headers)));
    return found.length > 0
      ? found
      : ok('nosniff, a content security policy, framing and referrers are said; no X-Powered-By');
  },
});

function problemsOf(headers: IncomingHttpHeaders): Finding[] {
  const policy = String(headers['content-security-policy'] ?? '');
  const isFramed = headers['x-frame-options'] === undefined && !policy.includes('frame-ancestors');
  return [
    ...(headers['x-content-type-options'] === 'nosniff' ? [] : [fail('no X-Content-Type-Options: nosniff', CURE)]),
    ...(policy === '' ? [fail('no Content-Security-Policy', CURE)] : []),
    ...(isFramed ? [warn('neither X-Frame-Options nor frame-ancestors', CURE)] : []),
    ...(headers['referrer-policy'] === undefined ? [warn('no Referrer-Policy', CURE)] : []),
    ...(headers['x-powered-by'] === undefined
      ? []
      : [warn(`X-Powered-By says ${String(headers['x-powered-by'])}`, "app.disable('x-powered-by')")]),
  ];
}

function uniqueOf(findings: readonly Finding[]): Finding[] {
  return [...new Map(findings.map((finding) => [finding.says, finding])).values()];
}
