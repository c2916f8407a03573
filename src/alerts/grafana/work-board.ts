import { highest, lastHour, of, panel, quantile, rate, type Board } from './panel.js';

/** What is done besides answering: jobs, caches, language models. */
export const WORK_BOARD: Board = {
  name: 'work',
  title: 'Work',
  rows: [
    {
      title: 'Jobs and events',
      panels: [
        panel(
          'Jobs',
          'short',
          'How many stand where.',
          [highest('job_queue_depth'), 'pending'],
          [highest('job_queue_running'), 'running'],
          [highest('job_queue_dead_letters'), 'dead letters'],
          [`sum (${of('jobs_active')})`, 'of these processes'],
        ),
        panel(
          'The oldest',
          's',
          'How long the one that waits longest has waited.',
          [highest('job_queue_oldest_age_seconds'), 'job'],
          [highest('event_queue_oldest_age_seconds'), 'event'],
        ),
        panel(
          'Events',
          'short',
          'Rows that are pending, and what became of the others in the last hour.',
          [highest('event_queue_size'), 'pending'],
          [lastHour('events_processed_total', 'outcome'), '{{outcome}}'],
        ),
        panel('Time of jobs, p95', 's', 'By type.', [
          quantile(0.95, 'job_duration_seconds', 'job_type'),
          '{{job_type}}',
        ]),
        panel(
          'Jobs created, tried again, given up',
          'short',
          'In the last hour.',
          [lastHour('jobs_created_total', 'job_type'), '{{job_type}} created'],
          [lastHour('job_retries_total', 'job_type'), '{{job_type}} again'],
          [lastHour('job_dead_letters_total', 'job_type'), '{{job_type}} given up'],
        ),
      ],
    },
    {
      title: 'Caches',
      panels: [
        panel(
          'Share found',
          'percentunit',
          'Of what was asked for lately, and since the start.',
          [
            `${rate('cache_hits_total', 'cache')} / (${rate('cache_hits_total', 'cache')} + ${rate('cache_misses_total', 'cache')})`,
            '{{cache}}',
          ],
          [`avg by (cache) (${of('cache_hit_ratio')})`, '{{cache}} since the start'],
        ),
        panel('Entries', 'short', 'Of caches in memory, all instances together.', [
          `sum by (cache) (${of('cache_entries')})`,
          '{{cache}}',
        ]),
        panel('Loads, p95', 's', 'Time for a value that was not there.', [
          quantile(0.95, 'cache_load_duration_seconds', 'cache'),
          '{{cache}}',
        ]),
        panel(
          'Loads that failed, values that were stale or evicted',
          'cps',
          'Evictions all the time: the cache is too small.',
          [rate('cache_load_failures_total', 'cache'), '{{cache}} failed'],
          [rate('cache_stale_hits_total', 'cache'), '{{cache}} stale'],
          [rate('cache_evictions_total', 'cache'), '{{cache}} evicted'],
        ),
      ],
    },
    {
      title: 'Language models',
      panels: [
        panel('Calls, p95', 's', 'Time of one attempt.', [
          quantile(0.95, 'llm_request_duration_seconds', 'operation'),
          '{{operation}}',
        ]),
        panel('Share of failed calls', 'percentunit', 'Of all attempts.', [
          `${rate('llm_errors_total')} / ${rate('llm_request_duration_seconds_count')}`,
          'failed',
        ]),
        panel('Tokens', 'short', 'Of the last hour.', [
          lastHour('llm_tokens_total', 'model, type'),
          '{{model}} {{type}}',
        ]),
        panel('Cost', 'currencyUSD', 'Of the last hour, by the prices that the service knows.', [
          lastHour('llm_cost_usd_total', 'model'),
          '{{model}}',
        ]),
        panel('Quota used', 'percentunit', 'The ten clients that used most of theirs this month.', [
          `topk(10, ${highest('llm_quota_used_ratio', 'client_id')})`,
          '{{client_id}}',
        ]),
      ],
    },
    {
      title: 'Business',
      panels: [
        panel('Active users', 'short', 'Who has asked something in the last minutes, by instance.', [
          of('active_users'),
          '{{instance}}',
        ]),
        panel(
          'Tasks',
          'short',
          'In the last hour.',
          [lastHour('tasks_created_total'), 'created'],
          [lastHour('tasks_completed_total'), 'completed'],
        ),
        panel(
          'Codebooks',
          'short',
          'In the last hour.',
          [lastHour('codebooks_created_total'), 'created'],
          [lastHour('items_uploaded_total'), 'items uploaded'],
          [lastHour('refactor_operations_total'), 'refactored'],
        ),
        panel(
          'Recommendations',
          'short',
          'In the last hour.',
          [lastHour('recommendations_generated_total'), 'made'],
          [lastHour('recommendations_accepted_total'), 'accepted'],
        ),
      ],
    },
  ],
};
