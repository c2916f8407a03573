import { check } from '../doctor-check.js';
import { fail, ok, skip, warn } from '../finding.js';
import { checksIn, PROBES } from '../service/probe-names.js';

export const probesReadiness = check({
  id: 'probes.readiness',
  title: 'whether readiness asks anything',
  needs: ['service'],
  async run({ service }) {
    const { status, body } = await service.ask(`${PROBES.readiness}?verbose`);
    const names = checksIn(body).map(({ name }) => name);
    if (names.length > 0) return ok(`it asks ${names.join(', ')}`);
    if (status === 503) return skip('it names no checks and is not ready: see probes.draining');
    if (status !== 200) return fail(`${PROBES.readiness} answers ${status}`, 'see probes.type');
    const cure = 'createOps({ pool }) or a check that is critical: what the service cannot work without';
    return warn('it asks nothing: traffic comes whatever is broken', cure);
  },
});
