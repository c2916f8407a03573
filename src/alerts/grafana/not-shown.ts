/** Metrics of the service that no panel shows, each with the reason. */
export const NOT_SHOWN: Readonly<Record<string, string>> = Object.freeze({
  nodejs_version_info: 'app_build_info has the version of Node as well',
  nodejs_eventloop_lag_seconds: 'the lag at one moment; the percentiles say more',
  nodejs_eventloop_lag_mean_seconds: 'p50 and p99 say more than a mean',
  nodejs_eventloop_lag_min_seconds: 'the smallest lag tells nothing',
  nodejs_eventloop_lag_stddev_seconds: 'p50 and p99 say more than a deviation',
  nodejs_eventloop_lag_p90_seconds: 'between p50 and p99',
  nodejs_heap_space_size_total_bytes: 'what is used of each space is shown',
  nodejs_heap_space_size_available_bytes: 'what is used of each space is shown',
  process_virtual_memory_bytes: 'addresses that V8 reserves: large always, and not memory in use',
});
