import { highest, lastHour, of, panel, quantile, rate, since, type Board } from './panel.js';

const FAILED = 'status=~"5.."';
const REQUESTS = 'http_requests_total';
const DURATION = 'http_request_duration_seconds';

const quantiles = [0.5, 0.95, 0.99].map((share) => [quantile(share, DURATION), `p${String(share * 100)}`] as const);

/** Is it well, and if not, since when and where. */
export const SERVICE_BOARD: Board = {
  name: 'service',
  title: 'Service',
  rows: [
    {
      title: 'Traffic',
      panels: [
        panel('Requests', 'reqps', 'Requests per second, by endpoint.', [rate(REQUESTS, 'endpoint'), '{{endpoint}}']),
        panel('Answers by status', 'reqps', 'Requests per second, by status.', [
          rate(REQUESTS, 'status'),
          '{{status}}',
        ]),
        panel('Share of 5xx', 'percentunit', 'Of all requests, probes included.', [
          `${rate(REQUESTS, '', FAILED)} / ${rate(REQUESTS)}`,
          '5xx',
        ]),
        panel('Share of 5xx by endpoint', 'percentunit', 'Which endpoint it is that fails.', [
          `${rate(REQUESTS, 'endpoint', FAILED)} / ${rate(REQUESTS, 'endpoint')}`,
          '{{endpoint}}',
        ]),
        panel('Errors', 'cps', 'Requests that failed on our side, without probes and scrapes.', [
          rate('errors_total'),
          'errors',
        ]),
        panel('Latency', 's', 'Time until the end of the answer.', ...quantiles),
        panel('Latency by endpoint, p95', 's', 'Which endpoint it is that is slow.', [
          quantile(0.95, DURATION, 'endpoint'),
          '{{endpoint}}',
        ]),
        panel(
          'In flight, and connections',
          'short',
          'What is being answered now, and who is connected.',
          [`sum (${of('http_requests_in_flight')})`, 'in flight'],
          [`sum (${of('http_active_connections')})`, 'connections'],
        ),
        panel('Aborted by clients', 'cps', 'Clients that left before the answer was complete.', [
          rate('http_requests_aborted_total'),
          'aborted',
        ]),
      ],
    },
    {
      title: 'Health',
      panels: [
        panel('Checks', 'short', 'Instances for which a check has that status.', [
          `sum by (check, status) (${of('health_check_status')}) > 0`,
          '{{check}} {{status}}',
        ]),
        panel('Checks that must be up', 'short', '1 for checks without which the service cannot work.', [
          highest('health_check_critical', 'check'),
          '{{check}}',
        ]),
        panel('Time of the checks, p95', 's', 'A check that takes long is a dependency that is slow.', [
          quantile(0.95, 'health_check_duration_seconds', 'check'),
          '{{check}}',
        ]),
        panel('Seconds since a check passed', 's', 'Grows while it fails, and while nobody asks.', [
          since('health_check_last_success_timestamp_seconds'),
          '{{check}} {{instance}}',
        ]),
        panel('Changes of the status', 'short', 'A check that changes all the time flaps.', [
          lastHour('health_check_transitions_total', 'check, to'),
          '{{check}} to {{to}}',
        ]),
      ],
    },
    {
      title: 'Instances',
      panels: [
        panel('Versions', 'short', 'Instances by version: two during a deployment, one after it.', [
          `count by (version, node_version) (${of('app_build_info')})`,
          '{{version}} on Node {{node_version}}',
        ]),
        panel('Uptime', 's', 'Seconds since the process began.', [since('process_start_time_seconds'), '{{instance}}']),
        panel('Restarts', 'short', 'In the last hour.', [
          `changes(${of('process_start_time_seconds')}[1h])`,
          '{{instance}}',
        ]),
      ],
    },
    {
      title: 'Doors',
      panels: [
        panel('Rate limit', 'reqps', 'What the limiter decided.', [
          rate('rate_limit_requests_total', 'result'),
          '{{result}}',
        ]),
        panel('Limits counted without Redis', 'short', 'In the last hour, while Redis was away.', [
          lastHour('rate_limit_fallback_total'),
          'fallback',
        ]),
        panel(
          'Callers',
          'cps',
          'Who was let in, and why others were not.',
          [rate('authentications_total', 'result'), 'token {{result}}'],
          [rate('login_attempts_total', 'result'), 'login {{result}}'],
          [rate('refresh_tokens_total', 'result'), 'refresh {{result}}'],
        ),
        panel('Suspicious input', 'short', 'In the last hour.', [
          lastHour('suspicious_input_total', 'kind'),
          '{{kind}}',
        ]),
        panel('Ids that were refused', 'short', 'Ids of clients that are no ids, in the last hour.', [
          lastHour('correlation_ids_rejected_total'),
          'refused',
        ]),
        panel(
          'Audit',
          'short',
          'Records of the last hour, and those that could not be written.',
          [lastHour('audit_events_total'), 'records'],
          [lastHour('audit_failures_total'), 'failures'],
        ),
      ],
    },
  ],
};
