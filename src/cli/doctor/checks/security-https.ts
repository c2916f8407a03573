import { check } from '../doctor-check.js';
import { fail, ok, skip, warn } from '../finding.js';

export const securityHttps = check({
  id: 'security.https',
  title: 'checklist 5: the service is reached over HTTPS',
  needs: ['service'],
  async run({ service }) {
    if (!service.isHttps && service.isLocal)
      return skip('asked over HTTP on this machine: give its address for the world');
    if (!service.isHttps) {
      const cure = 'a proxy that ends HTTPS in front of it, HTTPS_HOST and TRUST_PROXY: docs/guides/security.md';
      return fail('it is asked over plain HTTP, and answers', cure);
    }
    const { headers } = await service.ask('/');
    if (headers['strict-transport-security'] !== undefined) return ok('HTTPS, with Strict-Transport-Security');
    const cure = 'securityHeaders() sends it where TRUST_PROXY lets it see that the way is HTTPS';
    return warn('HTTPS, without Strict-Transport-Security: a first visit may be led away', cure);
  },
});
