import { check } from '../doctor-check.js';
import { fail, ok } from '../finding.js';
import { PROBES } from '../service/probe-names.js';

export const serviceAnswers = check({
  id: 'service.answers',
  title: 'whether the service answers and is alive',
  needs: ['service'],
  answersFor: 'service',
  async run({ service }) {
    const { status } = await service.ask(PROBES.liveness);
    if (status === 200) return ok(`${service.url.origin} answers, and is alive`);
    const says = `${PROBES.liveness} answers ${status}: a supervisor would start it anew`;
    return fail(says, 'mount createHealthRouter() before everything that refuses; liveness must ask no dependency');
  },
});
