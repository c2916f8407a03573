import { HEALTH_DEFAULTS } from '../../../index.js';
import { check } from '../doctor-check.js';
import { fail, ok, warn, type Finding } from '../finding.js';
import { PROBES } from '../service/probe-names.js';
import type { Service } from '../service/service.js';

/** Budgets of the runbooks. */
const BUDGETS_MS: readonly (readonly [path: string, budgetMs: number])[] = [
  [PROBES.liveness, 50],
  [PROBES.readiness, 100],
  [PROBES.health, 100],
];
const TRIES = 3;
const CURE =
  'look at /health for the check that is slow, at the event loop lag in /metrics, and at what stands in between';

export const probesTime = check({
  id: 'probes.time',
  title: 'how long probes take to answer',
  needs: ['service'],
  async run({ service }) {
    const found: Finding[] = [];
    // One after the other: they are not to slow each other down.
    for (const [path, budgetMs] of BUDGETS_MS) found.push(await findingOf(path, budgetMs, service));
    return found;
  },
});

/** The best of some tries: what the service can do, not what else the machines were busy with. */
async function findingOf(path: string, budgetMs: number, service: Service): Promise<Finding> {
  let ms = Infinity;
  for (let tries = 0; tries < TRIES && ms > budgetMs; tries++) ms = Math.min(ms, (await service.ask(path)).ms);
  const says = `${path} takes ${Math.round(ms)} ms`;
  // What Kubernetes gives a probe unless told otherwise is a second, within which the service answers by itself.
  if (ms > HEALTH_DEFAULTS.responseDeadlineMs) return fail(`${says}: a probe gives up after 1000`, CURE);
  return ms > budgetMs ? warn(`${says}, its budget is ${budgetMs}`, CURE) : ok(`${says} of ${budgetMs}`);
}
