import { check } from '../doctor-check.js';
import { ok, skip, warn } from '../finding.js';
import { limitOf } from './limiter-probes.js';

/** A path that no service has: what stands in front of all routes answers for it, too. */
const PATH = '/doctor-no-such-path';

export const securityRateLimit = check({
  id: 'security.rate-limit',
  title: 'checklist 2: requests are limited',
  needs: ['service'],
  async run({ service }) {
    const answer = await service.ask(PATH);
    if (answer.status === 503) return skip('it is not serving: 503');
    const limit = limitOf(answer);
    if (limit !== undefined) return ok(limit);
    const cure = 'createOps limits by RATE_LIMIT_MAX; alone it is app.use(rateLimiter())';
    return warn('no answer says that requests are limited (RateLimit header)', cure);
  },
});
