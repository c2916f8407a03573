import { check } from '../doctor-check.js';
import { fail, ok, skip, warn } from '../finding.js';
import { checksIn, PROBES } from '../service/probe-names.js';

const CURE = 'readiness 503 and liveness 200 while it drains: createOps wires it, docs/guides/shutdown.md says why';

export const probesDraining = check({
  id: 'probes.draining',
  title: 'what probes say of a service that is not ready or drains',
  needs: ['service'],
  async run({ service }) {
    const [liveness, readiness] = await Promise.all([
      service.ask(PROBES.liveness),
      service.ask(`${PROBES.readiness}?verbose`),
    ]);
    if (readiness.status === 200) return skip('it is ready: what it answers while it drains shows only then');
    if (liveness.status !== 200) {
      const says = `liveness answers ${liveness.status} while readiness answers ${readiness.status}: it would be killed instead of drained`;
      return fail(says, CURE);
    }
    const [, state] = /^\[-\]state failed: (\w+)$/m.exec(readiness.body) ?? [];
    if (state === 'draining' || readiness.headers.connection === 'close') {
      return warn(
        'it drains: readiness 503, liveness 200, as it should be',
        'ask again when another process has its place',
      );
    }
    if (state !== undefined) return warn(`it is ${state}: readiness 503, liveness 200`, 'ask again in a moment');
    const down = checksIn(readiness.body).filter(({ status }) => status === 'failed');
    return down.length > 0
      ? ok('it is not ready, and liveness stays 200: see service.checks')
      : fail(`readiness answers ${readiness.status}`, CURE);
  },
});
