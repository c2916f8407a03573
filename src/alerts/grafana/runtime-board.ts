import { highest, lastHour, of, panel, rate, since, type Board } from './panel.js';

const each = (name: string, legend: string): readonly [string, string] => [of(name), `${legend} {{instance}}`];

/** What the processes and their machines do. */
export const RUNTIME_BOARD: Board = {
  name: 'runtime',
  title: 'Runtime',
  rows: [
    {
      title: 'Process',
      panels: [
        panel(
          'Processors',
          'short',
          'Cores in use, and which part is the kernel for it.',
          [rate('process_cpu_seconds_total', 'instance'), 'all {{instance}}'],
          [rate('process_cpu_user_seconds_total', 'instance'), 'user {{instance}}'],
          [rate('process_cpu_system_seconds_total', 'instance'), 'system {{instance}}'],
        ),
        panel(
          'Memory',
          'bytes',
          'What the process holds, and its heap below it.',
          each('process_resident_memory_bytes', 'resident'),
          each('process_heap_bytes', 'data segment'),
          each('nodejs_external_memory_bytes', 'buffers'),
        ),
        panel(
          'Heap',
          'bytes',
          'At the limit V8 ends the process.',
          each('nodejs_heap_size_used_bytes', 'used'),
          each('nodejs_heap_size_total_bytes', 'total'),
          each('nodejs_heap_size_limit_bytes', 'limit'),
        ),
        panel('Heap by space', 'bytes', 'What grows in old_space and does not fall again leaks.', [
          `sum by (space) (${of('nodejs_heap_space_size_used_bytes')})`,
          '{{space}}',
        ]),
        panel('Garbage collection', 'percentunit', 'Share of the time, by kind.', [
          rate('nodejs_gc_duration_seconds_sum', 'kind'),
          '{{kind}}',
        ]),
        panel(
          'Descriptors',
          'short',
          'Files and sockets; at the limit nothing can be opened.',
          each('process_open_fds', 'open'),
          each('process_max_fds', 'limit'),
        ),
        panel(
          'What the process waits for',
          'short',
          'What grows and does not fall again is forgotten somewhere.',
          [`sum (${of('nodejs_active_resources')})`, 'resources'],
          [`sum (${of('nodejs_active_handles')})`, 'handles'],
          [`sum (${of('nodejs_active_requests')})`, 'requests'],
        ),
      ],
    },
    {
      title: 'Event loop',
      panels: [
        panel(
          'Lag',
          's',
          'How late timers are: all requests of the process wait as long.',
          each('nodejs_eventloop_lag_p50_seconds', 'p50'),
          each('nodejs_eventloop_lag_p99_seconds', 'p99'),
          each('nodejs_eventloop_lag_max_seconds', 'max'),
        ),
        panel(
          'Loop in use',
          'percentunit',
          'Share of the time in which it was busy.',
          each('nodejs_eventloop_utilization_ratio', ''),
        ),
      ],
    },
    {
      title: 'Machine or container',
      panels: [
        panel(
          'In use',
          'percent',
          'Of what the container may have, where it has a limit.',
          [highest('system_cpu_usage_percent'), 'processors'],
          [highest('system_memory_usage_percent'), 'memory'],
          [highest('system_disk_usage_percent'), 'disk'],
        ),
        panel('Disk', 'Bps', 'Read and written.', [rate('system_disk_io_bytes_total', 'direction'), '{{direction}}']),
        panel('Network', 'Bps', 'Received and sent.', [
          rate('system_network_bytes_total', 'direction'),
          '{{direction}}',
        ]),
      ],
    },
    {
      title: 'Logs and metrics',
      panels: [
        panel('Lines', 'cps', 'By level.', [rate('log_lines_total', 'level'), '{{level}}']),
        panel('Lines lost', 'short', 'That no destination took, in the last hour.', [
          lastHour('log_lines_dropped_total'),
          'lost',
        ]),
        panel('Series at their bound', 'short', 'Observations of the last hour that went to __other__.', [
          lastHour('metric_series_dropped_total', 'metric'),
          '{{metric}}',
        ]),
        panel('Metrics that could not be read', 'short', 'In the last hour.', [
          lastHour('metrics_collector_errors_total'),
          'errors',
        ]),
      ],
    },
    {
      title: 'Alerts of the process',
      panels: [
        panel('Alerts that are on', 'short', 'By severity, as the instances know them.', [
          highest('alerts_active', 'severity'),
          '{{severity}}',
        ]),
        panel(
          'Messages',
          'short',
          'Of the last hour, by channel and what became of them; and those that wait.',
          [lastHour('alerts_messages_total', 'channel, outcome'), '{{channel}} {{outcome}}'],
          [highest('alerts_waiting', 'channel'), '{{channel}} waiting'],
        ),
        panel('Held back', 'short', 'Messages of the last hour that were not sent, by why.', [
          lastHour('alerts_held_back_total', 'reason'),
          '{{reason}}',
        ]),
        panel('Looks at the rules', 'short', 'In the last hour; failed when a measure could not be read.', [
          lastHour('alerts_evaluations_total', 'outcome'),
          '{{outcome}}',
        ]),
        panel('Age of the latest look', 's', 'It stays below a minute while the rules are looked at.', [
          since('alerts_last_evaluation_timestamp_seconds'),
          '{{instance}}',
        ]),
      ],
    },
  ],
};
