import { check } from '../doctor-check.js';
import { fail, ok, type Finding } from '../finding.js';
import { PROBES } from '../service/probe-names.js';
import type { Answer, Service } from '../service/service.js';

/** More than a limiter that counts probes lets through in a careless minute, and nothing to a service. */
const TRIES = 20;
const CURE =
  'mount the health router before the limiter: ops.before does, or app.use(health) above app.use(rateLimiter())';

export const limiterProbes = check({
  id: 'limiter.probes',
  title: 'whether the rate limiter leaves probes alone',
  needs: ['service'],
  async run({ service }) {
    for (const path of Object.values(PROBES)) {
      const problem = await problemOf(path, service);
      if (problem !== undefined) return problem;
    }
    return ok(`${TRIES} in a row are answered, and none is counted`);
  },
});

/** Stops at the first sign: where probes are counted, every further one is taken from whoever shares the address. */
async function problemOf(path: string, service: Service): Promise<Finding | undefined> {
  for (let tries = 0; tries < TRIES; tries++) {
    const answer = await service.ask(path);
    if (answer.status === 429)
      return fail(`${path} answers 429 at question ${tries + 1}: probes fail because they ask`, CURE);
    if (limitOf(answer) !== undefined) return fail(`${path} is counted by a limiter: ${limitOf(answer) ?? ''}`, CURE);
  }
  return undefined;
}

/** What an answer says of the limit of its client, in the words of any of the usual headers. */
export function limitOf({ headers }: Answer): string | undefined {
  const name = ['ratelimit', 'ratelimit-limit', 'x-ratelimit-limit'].find((one) => headers[one] !== undefined);
  return name === undefined ? undefined : `${name}: ${String(headers[name])}`;
}
