import { highest, lastHour, of, panel, quantile, rate, since, type Board, type Panel } from './panel.js';

const p95 = (title: string, description: string, histogram: string, by: string): Panel =>
  panel(title, 's', description, [quantile(0.95, histogram, by), by.replace(/\w+/g, '{{$&}}').replace(',', '')]);
const hourly = (title: string, description: string, name: string, by: string): Panel =>
  panel(title, 'short', `${description} In the last hour.`, [
    lastHour(name, by),
    by.replace(/\w+/g, '{{$&}}').replace(',', ''),
  ]);

/** Is it the database, or somebody else. */
export const DATABASE_BOARD: Board = {
  name: 'database',
  title: 'Database and dependencies',
  rows: [
    {
      title: 'Pool',
      panels: [
        panel(
          'Connections',
          'short',
          'Of all instances together, and how many there may be.',
          [`sum by (pool, state) (${of('db_pool_connections')})`, '{{pool}} {{state}}'],
          [`sum by (pool) (${of('db_pool_open')})`, '{{pool}} open'],
          [`sum by (pool) (${of('db_pool_max')})`, '{{pool}} max'],
          [`sum by (pool) (${of('db_pool_min')})`, '{{pool}} min'],
        ),
        panel('Pool in use', 'percentunit', 'Of the instance where most is in use.', [
          highest('db_pool_utilization', 'pool'),
          '{{pool}}',
        ]),
        panel(
          'Callers that wait',
          'short',
          'More than 0 for long: the pool is too small, or something holds connections.',
          [`sum by (pool) (${of('db_pool_waiting')})`, '{{pool}}'],
        ),
        p95('Wait for a connection, p95', 'Time until a caller was given one.', 'db_pool_acquire_seconds', 'pool'),
        p95('Connections held, p95', 'Time until a caller gave it back.', 'db_pool_use_seconds', 'pool'),
        p95('New connections, p95', 'Time until one was open.', 'db_pool_create_seconds', 'pool'),
        hourly('No connection in time', 'Callers that were given none.', 'db_pool_timeouts_total', 'pool'),
        hourly('Connections closed', 'By reason.', 'db_pool_closed_total', 'pool, reason'),
        hourly('Connections broken', 'Or not to be had.', 'db_pool_errors_total', 'pool'),
        hourly('Leaks', 'Connections held longer than the threshold.', 'db_pool_leaks_total', 'pool'),
      ],
    },
    {
      title: 'Queries',
      panels: [
        p95('Queries, p95', 'By what they do.', 'db_query_duration_seconds', 'operation'),
        panel('Named queries, ten slowest', 's', 'By their name in the program, p95.', [
          `topk(10, ${quantile(0.95, 'db_named_query_duration_seconds', 'query')})`,
          '{{query}}',
        ]),
        hourly('Slow queries', 'Above the threshold of the slow-query log.', 'db_slow_queries_total', 'pool'),
        panel('Errors', 'cps', 'By class of the SQLSTATE.', [
          rate('db_errors_total', 'sqlstate_class'),
          '{{sqlstate_class}}',
        ]),
        panel(
          'Transactions',
          'cps',
          'By how they ended, and how often one was tried again.',
          [rate('db_transactions_total', 'result'), '{{result}}'],
          [rate('db_transaction_retries_total'), 'retries'],
        ),
        panel(
          'Deadlocks, conflicts',
          'short',
          'Of the whole database, in the last hour.',
          [`max (increase(${of('db_deadlocks_total')}[1h]))`, 'deadlocks'],
          [`max (increase(${of('db_conflicts_total')}[1h]))`, 'conflicts'],
        ),
        panel('Size', 'bytes', 'Disk space of the database.', [highest('db_size_bytes'), 'size']),
      ],
    },
    {
      title: 'Backups and certificates',
      panels: [
        panel(
          'Age',
          's',
          'Of the latest backup, the latest that was verified, and the latest drill.',
          [since('backup_last_success_timestamp_seconds'), 'backup'],
          [since('backup_last_verified_timestamp_seconds'), 'verified'],
          [since('backup_last_drill_timestamp_seconds'), 'drill'],
        ),
        panel('Size of the latest backup', 'bytes', 'Half of the one before is no good sign.', [
          highest('backup_size_bytes'),
          'size',
        ]),
        panel(
          'Time of the latest backup and drill',
          's',
          'A restore takes about as long as the drill.',
          [highest('backup_duration_seconds'), 'backup'],
          [highest('backup_last_drill_duration_seconds'), 'drill'],
        ),
        panel('Days until the certificate ends', 'd', 'Below 30 its renewal does not work.', [
          `(min by (name) (${of('tls_certificate_not_after_timestamp_seconds')}) - time()) / 86400`,
          '{{name}}',
        ]),
      ],
    },
    {
      title: 'Other services and Redis',
      panels: [
        panel('Services', 'short', '0 while the circuit of a service is open.', [
          `min by (service) (${of('external_service_up')})`,
          '{{service}}',
        ]),
        p95('Vector index, p95', 'Time of one attempt.', 'vector_operation_duration_seconds', 'operation'),
        panel(
          'Failed attempts',
          'cps',
          'By code, and what was tried again.',
          [rate('external_request_errors_total', 'service, code'), '{{service}} {{code}}'],
          [rate('external_request_retries_total', 'service'), '{{service}} again'],
        ),
        panel(
          'Calls not tried, or handed to a fallback',
          'cps',
          'While the circuit is open, or too many are under way.',
          [rate('external_requests_refused_total', 'service, code'), '{{service}} {{code}}'],
          [rate('external_fallbacks_total', 'service'), '{{service}} fallback'],
        ),
        panel('Calls under way', 'short', 'To each service.', [
          `sum by (service) (${of('external_requests_in_flight')})`,
          '{{service}}',
        ]),
        panel(
          'Redis',
          'short',
          '1 when it answered the scrape; its clients.',
          [highest('redis_up'), 'up'],
          [highest('redis_connected_clients'), 'clients'],
        ),
        panel('Redis, memory', 'bytes', 'What it has allocated.', [highest('redis_memory_used_bytes'), 'used']),
        panel('Redis, share of keys found', 'percentunit', 'Since Redis was started.', [
          `${highest('redis_keyspace_hits')} / (${highest('redis_keyspace_hits')} + ${highest('redis_keyspace_misses')})`,
          'found',
        ]),
      ],
    },
  ],
};
