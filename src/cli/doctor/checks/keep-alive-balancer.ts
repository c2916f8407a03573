import { check } from '../doctor-check.js';
import { fail, ok, skip } from '../finding.js';
import { PROBES } from '../service/probe-names.js';

const CURE =
  'createHttpServer(app), or server.keepAliveTimeout above what the balancer has; --balancer-idle says what it has';

export const keepAliveBalancer = check({
  id: 'keep-alive.balancer',
  title: "for how long the service keeps idle connections, against the load balancer's time",
  needs: ['service'],
  async run({ service, balancerIdleMs }) {
    const { headers } = await service.ask(PROBES.liveness);
    const [, seconds] = /\btimeout=(\d+)/.exec(String(headers['keep-alive'] ?? '')) ?? [];
    if (seconds === undefined)
      return skip('its answers have no Keep-Alive header: a proxy stands between, or the service drains');
    const balancerSeconds = balancerIdleMs / 1000;
    if (Number(seconds) > balancerSeconds) return ok(`${seconds} s, the load balancer ${balancerSeconds} s`);
    const says = `the service closes idle connections after ${seconds} s, the load balancer keeps them ${balancerSeconds}: some of its requests are a 502`;
    return fail(says, CURE);
  },
});
