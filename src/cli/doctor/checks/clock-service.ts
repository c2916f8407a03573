import { check } from '../doctor-check.js';
import { skip } from '../finding.js';
import { PROBES } from '../service/probe-names.js';
import { clockFinding } from './clock-finding.js';

/** The Date header has whole seconds, and Node makes a new one once a second. */
const GRANULARITY_MS = 2_000;

export const clockService = check({
  id: 'clock.service',
  title: 'the clock of the service, by its Date header',
  needs: ['service'],
  async run({ service }) {
    const { headers, sentAt, answeredAt } = await service.ask(PROBES.liveness);
    if (headers.date === undefined) return skip('its answers have no Date header');
    const theirs = Date.parse(headers.date);
    return clockFinding('the clock of the service', {
      theirs,
      from: sentAt,
      to: answeredAt,
      granularityMs: GRANULARITY_MS,
    });
  },
});
