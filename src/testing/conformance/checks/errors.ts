import type { Answer } from '../exchange.js';
import { fail, skip, unless, type Check, type Verdict } from './check.js';
import { errorBodyProblem } from './error-body.js';

const UNKNOWN = '/conformance-unknown';

export const ERRORS: readonly Check[] = [
  {
    id: 'errors.not-found',
    title: 'a path that does not exist is 404 in the envelope (ERR-09, ERR-17)',
    async run({ ask }) {
      const answer = await ask(UNKNOWN);
      if (answer.status !== 404) return fail(`GET ${UNKNOWN} is answered ${answer.status}`);
      return judged(`GET ${UNKNOWN}`, answer);
    },
  },
  {
    id: 'errors.malformed-url',
    title: 'a URL that cannot be decoded is refused in the envelope, and shows nothing of the program (ERR-10, ERR-17)',
    async run({ ask, path }) {
      const target = `${path.replace(/\/[^/]*$/, '')}/%E0%A4%A`;
      return refused(`GET ${target}`, await ask(target));
    },
  },
  {
    id: 'errors.malformed-body',
    title: 'JSON that cannot be parsed is refused in the envelope, and shows nothing of the program (ERR-10, ERR-17)',
    async run({ ask, path }) {
      const headers = { 'content-type': 'application/json', 'content-length': '9' };
      return refused(`POST ${path} with {"a": nul`, await ask(path, { method: 'POST', headers, body: '{"a": nul' }));
    },
  },
  {
    id: 'errors.internal',
    title: 'a mistake of the program is 500 in the envelope, and shows nothing of it (ERR-10, ERR-11)',
    async run({ ask, failPath }) {
      if (failPath === undefined) return skip('needs the path of a route that fails');
      const answer = await ask(failPath);
      if (answer.status !== 500) return fail(`GET ${failPath} is answered ${answer.status}`);
      return judged(`GET ${failPath}`, answer);
    },
  },
];

function refused(what: string, answer: Answer): Verdict {
  if (answer.status < 400 || answer.status > 499) return fail(`${what} is answered ${answer.status}`);
  return judged(what, answer);
}

function judged(what: string, answer: Answer): Verdict {
  const problem = errorBodyProblem(answer);
  return unless(problem === undefined ? undefined : `${what}: the body ${problem}`);
}
