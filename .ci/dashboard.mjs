// The Grafana dashboard of the reference server, made of one table: npm run generate writes it.

const UID = 'booky-backend';
const LINKS = [
  ['Prometheus', 'https://prometheus.booky.app'],
  ['Kibana', 'https://kibana.booky.app'],
];
const quantile = (share, histogram, by = 'le') =>
  `histogram_quantile(${share}, sum by (${by}) (rate(${histogram}_bucket[5m])))`;

/** Rows of panels: title, unit of Grafana, and each expression with its legend. */
const ROWS = {
  Health: [
    ['Checks (2 up, 1 degraded, 0 down)', 'none', [['health_check_status', '{{check}} {{status}}']]],
    ['Time of the checks, p95', 's', [[quantile(0.95, 'health_check_duration_seconds', 'le, check'), '{{check}}']]],
    ['Seconds since a check passed', 's', [['time() - health_check_last_success_timestamp_seconds', '{{check}}']]],
    ['Changes of the state', 'none', [['increase(health_check_transitions_total[15m])', '{{check}} to {{to}}']]],
  ],
  Requests: [
    ['Requests', 'reqps', [['sum by (endpoint) (rate(http_requests_total[5m]))', '{{endpoint}}']]],
    [
      'Share of 5xx',
      'percentunit',
      [['sum(rate(http_requests_total{status=~"5.."}[5m])) / sum(rate(http_requests_total[5m]))', '5xx']],
    ],
    ['Errors', 'none', [['rate(errors_total[5m])', 'errors per second']]],
    ['Latency', 's', [0.5, 0.95, 0.99].map((q) => [quantile(q, 'http_request_duration_seconds'), `p${q * 100}`])],
    ['In flight, and connections', 'none', [['http_requests_in_flight'], ['http_active_connections']]],
    ['Aborted by clients', 'none', [['rate(http_requests_aborted_total[5m])', 'per second']]],
    ['Rate limit', 'reqps', [['sum by (result) (rate(rate_limit_requests_total[5m]))', '{{result}}']]],
  ],
  Process: [
    ['Processors', 'none', [['rate(process_cpu_seconds_total[5m])', 'cores']]],
    ['Memory', 'bytes', [['process_resident_memory_bytes'], ['process_heap_bytes'], ['nodejs_heap_size_limit_bytes']]],
    ['Event loop lag', 's', [['nodejs_eventloop_lag_seconds'], ['nodejs_eventloop_lag_p99_seconds']]],
    ['Event loop in use', 'percentunit', [['nodejs_eventloop_utilization_ratio']]],
    [
      'System',
      'percent',
      [['system_cpu_usage_percent'], ['system_memory_usage_percent'], ['system_disk_usage_percent']],
    ],
    ['Disk', 'Bps', [['rate(system_disk_io_bytes_total[5m])', '{{direction}}']]],
    ['Network', 'Bps', [['rate(system_network_bytes_total[5m])', '{{direction}}']]],
  ],
  Database: [
    [
      'Connections',
      'none',
      [
        ['db_pool_connections', '{{pool}} {{state}}'],
        ['db_pool_max', '{{pool}} max'],
      ],
    ],
    ['Pool in use', 'percentunit', [['db_pool_utilization', '{{pool}}']]],
    ['Callers that wait', 'none', [['db_pool_waiting', '{{pool}}']]],
    ['Wait for a connection, p95', 's', [[quantile(0.95, 'db_pool_acquire_seconds', 'le, pool'), '{{pool}}']]],
    ['Queries, p95', 's', [[quantile(0.95, 'db_query_duration_seconds', 'le, operation'), '{{operation}}']]],
    ['Slow queries', 'none', [['increase(db_slow_queries_total[5m])', '{{pool}}']]],
    ['Errors by class', 'none', [['sum by (sqlstate_class) (rate(db_errors_total[5m]))', '{{sqlstate_class}}']]],
    ['Deadlocks, conflicts', 'none', [['increase(db_deadlocks_total[1h])'], ['increase(db_conflicts_total[1h])']]],
    ['Size', 'bytes', [['db_size_bytes', '{{pool}}']]],
  ],
  'Cache and logs': [
    ['Hit ratio', 'percentunit', [['cache_hit_ratio']]],
    ['Lines', 'none', [['sum by (level) (rate(log_lines_total[5m]))', '{{level}}']]],
    ['Lines lost', 'none', [['increase(log_lines_dropped_total[5m])']]],
  ],
};

const WIDTH = 24;
const PANEL = { w: 8, h: 7 };

export function dashboard() {
  const content = {
    uid: UID,
    title: 'Backend',
    tags: ['express-runbook'],
    schemaVersion: 39,
    refresh: '30s',
    time: { from: 'now-1h', to: 'now' },
    links: LINKS.map(([title, url]) => ({ title, url, type: 'link', targetBlank: true })),
    templating: { list: [{ name: 'datasource', type: 'datasource', query: 'prometheus' }] },
    panels: panels(),
  };
  return `${JSON.stringify(content, null, 2)}\n`;
}

function panels() {
  const all = [];
  let y = 0;
  for (const [row, panelsOfRow] of Object.entries(ROWS)) {
    all.push({ id: all.length + 1, type: 'row', title: row, gridPos: { x: 0, y: y++, w: WIDTH, h: 1 }, panels: [] });
    panelsOfRow.forEach(([title, unit, targets], index) => {
      const x = (index * PANEL.w) % WIDTH;
      if (index > 0 && x === 0) y += PANEL.h;
      all.push(panel(all.length + 1, { title, unit, targets, gridPos: { x, y, ...PANEL } }));
    });
    y += PANEL.h;
  }
  return all;
}

function panel(id, { title, unit, targets, gridPos }) {
  const datasource = { type: 'prometheus', uid: '${datasource}' };
  return {
    id,
    type: 'timeseries',
    title,
    datasource,
    gridPos,
    fieldConfig: { defaults: { unit }, overrides: [] },
    targets: targets.map(([expr, legendFormat = '__auto'], index) => {
      return { refId: String.fromCharCode(65 + index), datasource, expr, legendFormat };
    }),
  };
}
