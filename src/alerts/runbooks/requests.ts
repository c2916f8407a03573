import {
  ACTIVITY,
  ERRORS,
  HEALTH,
  LOCKS,
  PROFILE,
  ROLL_BACK,
  SETTINGS,
  SLOW_QUERIES,
  SLOW_REQUESTS,
  type Advice,
} from './advice.js';

const failing: Advice = {
  meaning: 'A larger share of the requests than agreed is answered with 5xx. Probes and scrapes do not count.',
  impact: 'Users see errors. At a few percent some of their work fails; near 100 % the service is down.',
  diagnosis: [HEALTH, ERRORS, ACTIVITY],
  cure: [
    ROLL_BACK,
    'If a dependency is down, the health says which: follow its alert.',
    'If one endpoint fails, the panel "Share of 5xx by endpoint" names it; a request id from the error log leads to its lines.',
  ],
};

const slow: Advice = {
  meaning: 'Requests take longer than agreed. Probes and scrapes do not count.',
  impact: 'Users wait; clients with short deadlines give up and try again, which adds load.',
  diagnosis: [SLOW_REQUESTS, ACTIVITY, LOCKS, SLOW_QUERIES],
  cure: [
    ROLL_BACK,
    'If the database is slow, follow SlowDatabase; if the processors are busy, follow HighCpuUsage.',
    'If one endpoint is slow, look at what it calls: the panels on dependencies show the time of each.',
  ],
};

const budget = (bad: string, follow: string): Advice => ({
  meaning: `${bad} use up the error budget of 30 days so fast that it will not last. The label \`window\` says over which time.`,
  impact:
    'The promise to users is about to be broken: 1h and 6h mean hours to days until then, 1d and 3d days to weeks.',
  diagnosis: [HEALTH, ERRORS, SLOW_REQUESTS],
  cure: [ROLL_BACK, follow, 'While the budget is used up, what is risky waits: deployments, migrations.'],
});

export const REQUEST_ADVICE: Readonly<Record<string, Advice>> = {
  HighErrorRatio: failing,
  HighErrorRate: {
    ...failing,
    meaning:
      'Errors per second are above the number of the guide, which is no share: on a busy service that is little, on a quiet one much. ' +
      'HighErrorRatio compares with the traffic.',
  },
  HighLatencyP95: slow,
  HighLatencyAverage: slow,
  HighLatency: {
    ...slow,
    meaning: `${slow.meaning} The rule is that of the guide: each endpoint and status for itself.`,
  },
  ErrorBudgetBurn: budget('Failed requests', 'Then go on as for HighErrorRatio.'),
  LatencyBudgetBurn: budget('Slow requests', 'Then go on as for HighLatencyP95.'),
  ManyConnections: {
    meaning: 'More clients are connected than the service was made for.',
    impact: 'Memory and descriptors go; beyond the limit of descriptors new clients are refused.',
    diagnosis: [['ss -tn state established', 'where they come from'], SETTINGS],
    cure: [
      'If they come from one address, limit it at the proxy.',
      'If it is traffic, start another instance.',
      'If they are idle, lower the keep-alive time of the proxy.',
    ],
  },
  EventLoopLag: {
    meaning: 'Something computes for long without giving the event loop back.',
    impact: 'All requests of the process wait meanwhile, probes too: it may be restarted for that.',
    diagnosis: [PROFILE, SLOW_REQUESTS],
    cure: [
      'The profile names the function: have it work in pieces, or in a worker thread.',
      'Large JSON bodies, regular expressions and synchronous file calls are the usual ones.',
      ROLL_BACK,
    ],
  },
};
