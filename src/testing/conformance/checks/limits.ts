import type { Answer } from '../exchange.js';
import type { Service } from '../service.js';
import { allowance } from './allowance.js';
import { fail, skip, unless, type Check } from './check.js';
import { errorBodyProblem } from './error-body.js';

const LARGE_BODY_LENGTH = 12 << 20;
const MAX_ALLOWANCE = 1_000;
const AT_ONCE = 10;

/** The last one uses up the limit of this address, and has to come last. */
export const LIMITS: readonly Check[] = [
  {
    id: 'limits.body',
    title: 'a body of 12 MB is not taken',
    async run({ ask, path }) {
      const body = JSON.stringify({ filler: 'x'.repeat(LARGE_BODY_LENGTH) });
      const headers = { 'content-type': 'application/json', 'content-length': String(body.length) };
      const { status } = await ask(path, { method: 'POST', headers, body });
      return unless(status >= 400 && status <= 499 ? undefined : `POST ${path} with 12 MB is answered ${status}`);
    },
  },
  {
    id: 'limits.told',
    title: 'an answer says how many requests are allowed',
    async run({ ask, path }) {
      return unless(allowance(await ask(path)) === undefined ? `GET ${path} has no RateLimit header` : undefined);
    },
  },
  {
    id: 'limits.enforced',
    title: 'beyond that it is 429, with Retry-After, both ids and the envelope (COR-03, ERR-07)',
    async run(service) {
      const allowed = allowance(await service.ask(service.path));
      if (allowed === undefined) return fail('no limit is told, so none can be reached');
      if (allowed > MAX_ALLOWANCE)
        return skip(`${allowed} requests are allowed: more than ${MAX_ALLOWANCE} are not sent`);
      const refusal = await firstRefusal(service, allowed + AT_ONCE);
      if (refusal === undefined) return fail(`${allowed} requests are allowed, and ${allowed + AT_ONCE} were answered`);
      const missing = ['retry-after', 'x-request-id', 'x-correlation-id'].filter((name) => refusal.header(name) === '');
      if (missing.length > 0) return fail(`the answer 429 has no ${missing.join(', ')}`);
      const problem = errorBodyProblem(refusal);
      return unless(problem === undefined ? undefined : `the body of the answer 429 ${problem}`);
    },
  },
];

async function firstRefusal({ askAnyway, path }: Service, requests: number): Promise<Answer | undefined> {
  for (let sent = 0; sent < requests; sent += AT_ONCE) {
    const answers = await Promise.all(Array.from({ length: AT_ONCE }, () => askAnyway(path)));
    const refusal = answers.find(({ status }) => status === 429);
    if (refusal !== undefined) return refusal;
  }
  return undefined;
}
