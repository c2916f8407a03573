import { createSecretFinder, secretValues, type Config } from '../../../index.js';
import { check } from '../doctor-check.js';
import { fail, ok, skip, warn, type Finding } from '../finding.js';
import type { Answer, Service } from '../service/service.js';

const ERROR_CURE = 'errorHandler() behind all routes: constant texts for what is not the fault of the client';
/** A line of a stack, and a place on the disk of the service. */
const INTERNALS = /^\s*at .+:\d+:\d+\)?|\/node_modules\//m;
const HEALTH = '/health';
/** What is for people of the house. */
const OF_THE_HOUSE = ['/metrics', '/api-docs'];

export const securityLeaks = check({
  id: 'security.leaks',
  title: 'checklist 9: errors and open pages say nothing that is not for the public',
  needs: ['service'],
  async run({ service, known }) {
    const asked = await Promise.all([...malformed(service), ...openPages(service)]);
    const found = asked.flatMap((one) => [...ofError(one), ...ofSecrets(one, known)]);
    if (!service.isLocal) found.push(...asked.flatMap(ofHouse));
    if (found.length > 0) return found;
    const silent = asked.filter(saysNothing).length;
    if (silent > 0)
      return skip(`${silent} of ${asked.length} questions were answered with 429, 503 or a redirect: ask again later`);
    return ok(`${asked.length} answers, none says what is inside`);
  },
});

interface Asked {
  readonly what: string;
  readonly path: string;
  readonly answer: Answer;
  readonly isMalformed: boolean;
}

/** Requests that no route is to see. */
function malformed(service: Service): Promise<Asked>[] {
  const json = { 'Content-Type': 'application/json' };
  const asked = async (what: string, path: string, answer: Promise<Answer>): Promise<Asked> => ({
    what,
    path,
    answer: await answer,
    isMalformed: true,
  });
  return [
    asked('an unknown path', '', service.ask('/doctor-no-such-path')),
    asked(
      'a broken body',
      '',
      service.ask('/doctor-no-such-path', { method: 'POST', headers: json, body: '{"broken' }),
    ),
    asked('a broken path', '', service.ask('/%E0%A4%A')),
  ];
}

function openPages(service: Service): Promise<Asked>[] {
  return ['/', HEALTH, ...OF_THE_HOUSE].map(async (path) => ({
    what: path,
    path,
    answer: await service.ask(path),
    isMalformed: false,
  }));
}

/** Refused before anything of the service had its say. The 503 of a health page is its own. */
function saysNothing({ path, isMalformed, answer: { status } }: Asked): boolean {
  const isElsewhere = isMalformed && status >= 300 && status < 400;
  return status === 429 || (status === 503 && path !== HEALTH) || isElsewhere;
}

function ofError({ what, isMalformed, answer: { status, body } }: Asked): Finding[] {
  if (isMalformed && status >= 500 && status !== 503)
    return [fail(`${what} is answered ${status}, not 4xx`, ERROR_CURE)];
  return INTERNALS.test(body) ? [fail(`the answer to ${what} shows a stack or a path`, ERROR_CURE)] : [];
}

function ofSecrets({ what, answer: { body } }: Asked, known: Config | undefined): Finding[] {
  if (known === undefined) return [];
  const secrets = secretValues(known);
  const clean = createSecretFinder();
  clean.registerSecrets(secrets);
  const isThere = body.split('\n').some((line) => clean.kindsIn(line).includes('registered value'));
  return isThere ? [fail(`the answer to ${what} has a secret of the settings`, 'take it out, and change it')] : [];
}

function ofHouse({ path, answer: { status } }: Asked): Finding[] {
  if (!OF_THE_HOUSE.includes(path) || (status !== 200 && status < 500) || status === 503) return [];
  const cure = 'METRICS_TOKEN, METRICS_NETWORKS or METRICS_PORT; OPS_TOKEN, OPS_NETWORKS or OPS_PORT';
  return [warn(`${path} is open to everybody`, cure)];
}
