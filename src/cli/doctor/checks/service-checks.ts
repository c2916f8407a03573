import { check } from '../doctor-check.js';
import { fail, ok, warn, type Finding } from '../finding.js';
import { checksIn, PROBES, type NamedCheck } from '../service/probe-names.js';

const CURE = 'the log has the reason: express-runbook logs, or grep "Health check" in app.log';

export const serviceChecks = check({
  id: 'service.checks',
  title: 'what the service needs, by its own checks: database, Redis, services that it calls, memory, CPU, event loop',
  needs: ['service'],
  async run({ service }) {
    const [all, readiness] = await Promise.all([
      service.ask(`${PROBES.health}?verbose`),
      service.ask(`${PROBES.readiness}?verbose`),
    ]);
    const checks = checksIn(all.body);
    if (checks.length === 0) {
      const cure = 'createHealthRouter({ checks }): database, Redis and each service that is called';
      return warn(`${PROBES.health}?verbose names no checks`, cure);
    }
    // Those are what takes it out of traffic.
    const needed = new Set(checksIn(readiness.body).map(({ name }) => name));
    const bad = checks.filter(({ status }) => status !== 'ok');
    if (bad.length === 0) return ok(`all is well: ${checks.map(({ name }) => name).join(', ')}`);
    return bad.map((one) => findingOf(one, needed.has(one.name)));
  },
});

function findingOf({ name, status }: NamedCheck, isNeeded: boolean): Finding {
  if (status === 'degraded') return warn(`${name} is degraded`, CURE);
  return isNeeded ? fail(`${name} is down: no traffic comes`, CURE) : warn(`${name} is down`, CURE);
}
