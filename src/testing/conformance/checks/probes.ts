import type { Answer } from '../exchange.js';
import { allowance } from './allowance.js';
import { fail, PASS, unless, type Check } from './check.js';

const LIVENESS = ['/health/live', '/health/liveness'];
const READINESS = ['/health/ready', '/health/readiness'];
/** What a limit hardly allows within its window where it is not told. */
const MANY = 150;
const AT_ONCE = 10;
const MAX_REQUESTS = 1_000;

export const PROBES: readonly Check[] = [
  {
    id: 'probes.liveness',
    title: 'liveness answers 200 with JSON under both names (HLT-03, HLT-05)',
    run: async ({ ask }) => unless(await firstProblem(ask, LIVENESS, okProblem)),
  },
  {
    id: 'probes.readiness',
    title: 'readiness of a service that takes traffic answers 200 with JSON under both names (HLT-04, HLT-06)',
    run: async ({ ask }) => unless(await firstProblem(ask, READINESS, okProblem)),
  },
  {
    id: 'probes.combined',
    title: '/health answers 200 with JSON that has a status (HLT-01)',
    async run({ ask }) {
      const answer = await ask('/health');
      const problem = okProblem(answer);
      if (problem !== undefined) return fail(`/health ${problem}`);
      return unless(/"status"\s*:\s*"\w+"/.test(answer.body) ? undefined : '/health has no status');
    },
  },
  {
    id: 'probes.no-store',
    title: 'no cache keeps the answer of a probe',
    run: async ({ ask }) =>
      unless(
        await firstProblem(ask, ['/health', ...LIVENESS, ...READINESS], ({ header }) =>
          header('cache-control').includes('no-store')
            ? undefined
            : `has Cache-Control ${header('cache-control') || 'missing'}`,
        ),
      ),
  },
  {
    id: 'probes.no-secret',
    title: 'the answer of a probe has no password of a connection (HLT-27)',
    run: async ({ ask }) =>
      unless(
        await firstProblem(ask, ['/health', ...READINESS], ({ body }) =>
          /\w+:\/\/[^\s"/:@]*:[^\s"/@]+@/.test(body) ? 'shows a URL with a password' : undefined,
        ),
      ),
  },
  {
    id: 'probes.unlimited',
    title: 'probes are not counted by the limiter (HLT-14)',
    async run({ ask, askAnyway, path }) {
      const allowed = allowance(await ask(path)) ?? MANY;
      const wanted = Math.min(allowed + AT_ONCE, MAX_REQUESTS);
      for (let sent = 0; sent < wanted; sent += AT_ONCE) {
        const answers = await Promise.all(Array.from({ length: AT_ONCE }, () => askAnyway('/health/live')));
        if (answers.some(({ status }) => status === 429))
          return fail(`one of ${sent + AT_ONCE} probes is answered 429`);
      }
      return PASS;
    },
  },
];

function okProblem({ status, header }: Answer): string | undefined {
  if (status !== 200) return `is answered ${status}`;
  return header('content-type').includes('json') ? undefined : `is ${header('content-type') || 'of no type'}, not JSON`;
}

async function firstProblem(
  ask: (target: string) => Promise<Answer>,
  targets: readonly string[],
  problemOf: (answer: Answer) => string | undefined,
): Promise<string | undefined> {
  for (const target of targets) {
    const problem = problemOf(await ask(target));
    if (problem !== undefined) return `${target} ${problem}`;
  }
  return undefined;
}
